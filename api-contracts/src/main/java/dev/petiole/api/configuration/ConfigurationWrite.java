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
@JsonInclude(JsonInclude.Include.NON_NULL)
// What was read can be written back as it is.
@JsonIgnoreProperties({"key", "managedBy", "status", "resourceVersion"})
public record ConfigurationWrite(
        @Nullable String uid,
        @PositiveOrZero @Nullable Long generation,
        @Size(max = 256) @Nullable Map<String, String> labels,
        @Valid @NotNull ConfigurationSpec spec) {

    public ConfigurationWrite {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
    }

    /// One without labels.
    public ConfigurationWrite(@Nullable String uid, @Nullable Long generation, ConfigurationSpec spec) {
        this(uid, generation, null, spec);
    }

    @Override
    public Map<String, String> labels() {
        return labels == null ? Map.of() : labels;
    }
}
