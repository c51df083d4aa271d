package dev.petiole.registry.device;

import dev.petiole.api.configuration.ConfigurationStatus.DeviceCounts;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.registry.revision.Versioned;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps a Configuration's counts in step with its devices.
final class PresenceCounts {

    private PresenceCounts() {}

    static DeviceCounts after(DeviceCounts before, List<DeviceChange> changes) {
        DeviceCounts counts = before;
        for (DeviceChange change : changes) {
            Versioned<DeviceRecord> old = change.before();
            counts = count(counts, old == null ? null : old.value(), -1);
            counts = count(counts, change.after(), 1);
        }
        return counts;
    }

    private static DeviceCounts count(DeviceCounts counts, @Nullable DeviceRecord device, int by) {
        if (device == null) {
            return counts;
        }
        Presence presence = device.presence();
        return new DeviceCounts(
                counts.online() + (presence == Presence.ONLINE ? by : 0),
                counts.missing() + (presence == Presence.MISSING ? by : 0),
                counts.unknown() + (presence == Presence.UNKNOWN ? by : 0),
                counts.offline() + (presence == Presence.OFFLINE ? by : 0));
    }
}
