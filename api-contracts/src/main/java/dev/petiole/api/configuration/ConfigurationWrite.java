package dev.petiole.api.configuration;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;

/// What a writer states about a Configuration.
///
/// @param uid the Kubernetes UID, given by the broker-scheduler alone; absent for a Configuration made over REST
/// @param generation the Kubernetes generation, given by the broker-scheduler alone
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConfigurationWrite(
        @Nullable String uid,
        @PositiveOrZero @Nullable Long generation,
        @Valid @NotNull ConfigurationSpec spec) {}
