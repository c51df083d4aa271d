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
/// @param isLocal whether this node alone can reach it, and so is the one that grants its slots
/// @param isGrantable whether a new user may get it now
/// @param slots those that are held, by whomever, as the registry last told
/// @param seen what this node sees; null until the discovery has looked since this service started
/// @param brokerProperties the Configuration's, which win over the device's own
public record ExposedDevice(
        DeviceRef ref,
        ConfigurationKey configuration,
        int capacity,
        boolean isLocal,
        boolean isGrantable,
        List<Slot> slots,
        @Nullable DiscoveredDevice seen,
        Map<String, String> brokerProperties) {

    public ExposedDevice {
        slots = List.copyOf(slots);
        brokerProperties = Map.copyOf(brokerProperties);
    }

    /// @return the same, of which nothing can be granted now
    public ExposedDevice withheld() {
        return new ExposedDevice(ref, configuration, capacity, isLocal, false, slots, seen, brokerProperties);
    }

    /// @return how many slots this node may hand out by the device plugin: of a local device those that are not held in
    ///     another way, say by a ResourceClaim
    public int pluginCapacity() {
        return capacity - (int) slots.stream().filter(slot -> !isOfPlugin(slot)).count();
    }

    /// @return whether the slot was handed out by the device plugin
    public boolean isOfPlugin(Slot slot) {
        return slot.resource().equals(KubeletNames.resource(ref))
                || slot.resource().equals(KubeletNames.resource(configuration));
    }

    /// @return the part of the device's name that tells it from others of its Configuration, upper-cased
    public String hash() {
        return ref.name().substring(configuration.name().length() + 1).toUpperCase(Locale.ROOT);
    }
}
