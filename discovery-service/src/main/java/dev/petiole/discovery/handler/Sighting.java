package dev.petiole.discovery.handler;

import java.util.HashSet;
import java.util.List;

/// All that one discovery sees now.
///
/// @param devices in full; empty says that there are none. Identities are unique
/// @param warnings what keeps the list from being the whole truth, such as one place of several that does not
///     answer
/// @param isPartial whether a device that is not listed may be there all the same; then nothing is missed
public record Sighting(List<DiscoveredDevice> devices, List<Warning> warnings, boolean isPartial) {

    public Sighting {
        devices = List.copyOf(devices);
        warnings = List.copyOf(warnings);
        var identities = new HashSet<String>();
        for (DiscoveredDevice device : devices) {
            if (!identities.add(device.identity())) {
                throw new IllegalArgumentException(
                        "devices: identity " + device.identity() + " twice (expected: unique identities)");
            }
        }
    }

    /// A sighting in full.
    public Sighting(List<DiscoveredDevice> devices, List<Warning> warnings) {
        this(devices, warnings, false);
    }

    /// A sighting without warnings.
    public static Sighting of(List<DiscoveredDevice> devices) {
        return new Sighting(devices, List.of());
    }
}
