package dev.petiole.api.agent;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.constraints.NotBlank;

/// Names a device: the group and namespace of its Configuration, and its own name.
@JsonIgnoreProperties(ignoreUnknown = true)
public record DeviceRef(
        @NotBlank String group,
        @NotBlank String namespace,
        @NotBlank String name) {}
