package dev.petiole.discovery.inventory;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.discovery.dialect.Dialect;

/// The names by which the kubelet knows our devices: extended resources, and the ids of what can be allocated of them.
/// Which device they mean, [Inventory#findDevice] tells.
public final class KubeletNames {

    private KubeletNames() {}

    /// The resource that stands for this very device.
    public static String resource(DeviceRef device) {
        return Dialect.of(device.group()).resource(device);
    }

    /// The resource that stands for any device of a Configuration.
    public static String resource(ConfigurationKey configuration) {
        return Dialect.of(configuration.group()).resource(configuration);
    }

    /// The id of a slot in the resource of its device.
    public static String idInDevice(DeviceRef device, int slot) {
        return Dialect.of(device.group()).idInDevice(device, slot);
    }

    /// The id of a slot in the resource of its Configuration.
    public static String idInConfiguration(DeviceRef device, int slot) {
        return Dialect.of(device.group()).idInConfiguration(device, slot);
    }
}
