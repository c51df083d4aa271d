package dev.petiole.registry.device;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationKey;
import java.util.List;

/// The identity of a device: its Configuration's group and namespace, and its own name.
public record DeviceKey(String group, String namespace, String name) {

    public static DeviceKey of(ConfigurationKey configuration, String name) {
        return new DeviceKey(configuration.group(), configuration.namespace(), name);
    }

    public static DeviceKey of(DeviceRef device) {
        return new DeviceKey(device.group(), device.namespace(), device.name());
    }

    List<String> parts() {
        return List.of(group, namespace, name);
    }

    /// @return `group/namespace/name`
    @Override
    public String toString() {
        return group + "/" + namespace + "/" + name;
    }
}
