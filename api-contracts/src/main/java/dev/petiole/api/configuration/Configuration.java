package dev.petiole.api.configuration;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRootName;
import dev.petiole.api.watch.Tagged;
import java.util.Map;

/// A Configuration as the registry holds it.
///
/// @param uid the Kubernetes UID of the object it mirrors, or one made by the registry; a deleted and re-created
///     Configuration has a new one
/// @param generation rises with every change of `spec`
/// @param managedBy who may edit it
/// @param labels those of the Kubernetes object, or as given over REST
/// @param status what the nodes make of it
/// @param resourceVersion opaque; changes with every change of this record
@JsonRootName("ConfigurationRead") // Its name in the API document: generated clients have a Configuration of their own.
public record Configuration(
        ConfigurationKey key,
        String uid,
        long generation,
        ManagedBy managedBy,
        Map<String, String> labels,
        ConfigurationSpec spec,
        ConfigurationStatus status,
        String resourceVersion)
        implements Tagged {

    public Configuration {
        // A registry of an older version does not send them.
        labels = labels == null ? Map.of() : Map.copyOf(labels);
    }

    /// One without labels.
    public Configuration(
            ConfigurationKey key,
            String uid,
            long generation,
            ManagedBy managedBy,
            ConfigurationSpec spec,
            ConfigurationStatus status,
            String resourceVersion) {
        this(key, uid, generation, managedBy, Map.of(), spec, status, resourceVersion);
    }

    /// Where a Configuration is edited.
    public enum ManagedBy {
        /// It is a Kubernetes object; over REST it is read-only.
        @JsonProperty("Kubernetes")
        KUBERNETES,
        /// It was made over REST; its Kubernetes object is a mirror.
        @JsonProperty("Registry")
        REGISTRY
    }
}
