package dev.petiole.api.configuration;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Configuration to be made over REST.
///
/// @param labels none if absent
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewConfiguration(
        @Valid @NotNull ConfigurationKey key,
        @Size(max = 256) @Nullable Map<String, String> labels,
        @Valid @NotNull ConfigurationSpec spec) {

    public NewConfiguration {
        labels = labels == null ? Map.of() : Map.copyOf(labels);
    }

    @Override
    public Map<String, String> labels() {
        return labels == null ? Map.of() : labels;
    }
}
