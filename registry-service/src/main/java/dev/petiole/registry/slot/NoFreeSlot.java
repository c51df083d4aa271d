package dev.petiole.registry.slot;

import dev.petiole.registry.device.DeviceKey;
import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refusal;

/// All slots of the device are held by others.
final class NoFreeSlot extends Refusal {

    private static final long serialVersionUID = 1L;

    NoFreeSlot(DeviceKey device, int capacity) {
        super(
                ProblemType.NO_FREE_SLOT,
                capacity == 1
                        ? "The only slot of device " + device + " is held."
                        : "All " + capacity + " slots of device " + device + " are held.");
    }
}
