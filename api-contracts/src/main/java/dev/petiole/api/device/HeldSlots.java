package dev.petiole.api.device;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.List;

/// Slots that are held.
public record HeldSlots(@NotNull @Size(max = 10_000) List<@Valid HeldSlot> slots) {

    public HeldSlots {
        slots = List.copyOf(slots);
    }

    /// One slot that is held.
    ///
    /// @param device the device's name
    /// @param index which of its slots, if it is free
    /// @param node the node that holds it
    /// @param resource the kubelet's extended resource by which it was allocated
    /// @param kubeletDeviceId the kubelet's own token
    public record HeldSlot(
            @NotBlank @Size(max = 264) String device,
            @NotNull @PositiveOrZero int index,
            @NotBlank @Size(max = 253) String node,
            @NotBlank @Size(max = 400) String resource,
            @NotBlank @Size(max = 400) String kubeletDeviceId) {}
}
