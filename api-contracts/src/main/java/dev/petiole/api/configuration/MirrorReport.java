package dev.petiole.api.configuration;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

/// Whether a Configuration made over REST is shown in the cluster.
///
/// @param fault why it can't be; null if it is
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record MirrorReport(@Valid ConfigurationStatus.@Nullable MirrorFault fault) {}
