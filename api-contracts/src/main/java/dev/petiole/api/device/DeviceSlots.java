package dev.petiole.api.device;

import dev.petiole.api.watch.Tagged;
import java.util.List;

/// The slots of a device.
///
/// @param capacity how many there are
/// @param free how many nobody holds
/// @param held those that are held, ordered by index
/// @param resourceVersion the device's
public record DeviceSlots(int capacity, int free, List<Slot> held, String resourceVersion) implements Tagged {

    public DeviceSlots {
        held = List.copyOf(held);
    }
}
