package dev.petiole.registry.device;

import dev.petiole.api.device.Device.Presence;
import java.time.Instant;
import java.util.Map;

/// What one node says of a device.
///
/// @param presence never Offline: then the sighting ends
/// @param since when `presence` last changed
/// @param properties as this node reported them last
public record Sighting(String node, Presence presence, Instant since, Map<String, String> properties) {

    public Sighting {
        properties = Map.copyOf(properties);
    }

    Sighting as(Presence newPresence, Instant now) {
        return presence == newPresence ? this : new Sighting(node, newPresence, now, properties);
    }
}
