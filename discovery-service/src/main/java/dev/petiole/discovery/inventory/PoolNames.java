package dev.petiole.discovery.inventory;

import dev.petiole.api.agent.DeviceRef;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names by which Dynamic Resource Allocation knows our devices, as the broker-scheduler gives them.
public final class PoolNames {

    /// The driver of all our devices: named after the API group, the only one that knows this way.
    public static final String DRIVER = "petiole.dev";

    private static final Pattern POOL = Pattern.compile("([^/]+)/([^/]+)/[^/]+");
    private static final Pattern SLOT = Pattern.compile("(.+)-[0-9]{1,4}");

    private PoolNames() {}

    /// @param pool a pool of ResourceSlices, `<namespace>/<configuration>/<hash of nodes>`
    /// @param slot a device in it, `<device>-<n>`
    /// @return the device whose slot is meant; empty if these are not names of ours
    public static Optional<DeviceRef> findDevice(String pool, String slot) {
        Matcher place = POOL.matcher(pool);
        Matcher ofDevice = SLOT.matcher(slot);
        return place.matches() && ofDevice.matches() && ofDevice.group(1).startsWith(place.group(2) + "-")
                ? Optional.of(new DeviceRef(DRIVER, place.group(1), ofDevice.group(1)))
                : Optional.empty();
    }
}
