package dev.petiole.api.agent;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;

/// A node's wish to hand one slot of a device to a container. The key (device, node, resource, kubelet device id)
/// decides: a repeated request for a key that the node holds is granted again.
///
/// @param resource the extended resource that the kubelet allocates from
/// @param kubeletDeviceId the id that the kubelet chose
/// @param usageSequence the session's newest usage report that was written before this request; that one and older
///     ones can't know of this claim and so don't release it, however late they arrive
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClaimRequest(
        @NotBlank String session,
        @Valid @NotNull DeviceRef device,
        @NotBlank String resource,
        @NotBlank String kubeletDeviceId,
        @NotNull @PositiveOrZero long usageSequence) {}
