package dev.petiole.discovery.inventory;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.device.Slot;
import dev.petiole.discovery.handler.DiscoveredDevice;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A device that this node's kubelet may hand to Pods.
///
/// @param isGrantable whether a new user may get it now
/// @param slots those that are held, by whomever, as the registry last told
/// @param seen what this node sees; null until the discovery has looked since this service started
/// @param brokerProperties the Configuration's, which win over the device's own
public record ExposedDevice(
        DeviceRef ref,
        ConfigurationKey configuration,
        int capacity,
        boolean isGrantable,
        List<Slot> slots,
        @Nullable DiscoveredDevice seen,
        Map<String, String> brokerProperties) {

    public ExposedDevice {
        slots = List.copyOf(slots);
        brokerProperties = Map.copyOf(brokerProperties);
    }

    /// @return the part of the device's name that tells it from others of its Configuration, upper-cased
    public String hash() {
        return ref.name().substring(configuration.name().length() + 1).toUpperCase(Locale.ROOT);
    }
}
