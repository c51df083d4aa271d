package dev.petiole.api.agent;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;

/// A node's wish to hand one slot of a device to a container. The key (device, node, resource, kubelet device id)
/// decides: a repeated request for a key that the node holds is granted again.
///
/// @param resource the extended resource that the kubelet allocates from
/// @param kubeletDeviceId the id that the kubelet chose
public record ClaimRequest(
        @NotBlank String session,
        @Valid @NotNull DeviceRef device,
        @NotBlank String resource,
        @NotBlank String kubeletDeviceId) {}
