package dev.petiole.api.configuration;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a writer states about a Configuration.
///
/// @param uid the Kubernetes UID, given by the broker-scheduler alone; absent for a Configuration made over REST
/// @param generation the Kubernetes generation, given by the broker-scheduler alone
/// @param labels as Kubernetes has them; none if absent
/// @param exposed whether the cluster has Instances of it already, given by the broker-scheduler alone: a
///     registry that does not know it then was rebuilt, and recovers what is to know of it before it says anything
@JsonInclude(JsonInclude.Include.NON_NULL)
// What was read can be written back as it is.
@JsonIgnoreProperties({"key", "managedBy", "status", "resourceVersion"})
public record ConfigurationWrite(
        @Nullable String uid,
        @PositiveOrZero @Nullable Long generation,
        @Size(max = 256) @Nullable Map<String, String> labels,
        @Valid @NotNull ConfigurationSpec spec,
        @Nullable Boolean exposed) {

    public ConfigurationWrite {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
    }

    /// One without labels.
    public ConfigurationWrite(@Nullable String uid, @Nullable Long generation, ConfigurationSpec spec) {
        this(uid, generation, null, spec, null);
    }

    /// One of which nothing is said about Instances.
    public ConfigurationWrite(
            @Nullable String uid,
            @Nullable Long generation,
            @Nullable Map<String, String> labels,
            ConfigurationSpec spec) {
        this(uid, generation, labels, spec, null);
    }

    /// @return the same as a person would say it, who may write back what they have read
    public ConfigurationWrite ofPerson() {
        return new ConfigurationWrite(null, null, labels, spec);
    }

    @Override
    public Map<String, String> labels() {
        return labels == null ? Map.of() : labels;
    }
}
