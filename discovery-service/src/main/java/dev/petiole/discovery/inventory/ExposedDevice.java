package dev.petiole.discovery.inventory;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationSpec.Consumers;
import dev.petiole.api.configuration.ConfigurationSpec.DeviceResources;
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
/// @param spec what the Configuration says of its devices
public record ExposedDevice(
        DeviceRef ref,
        ConfigurationKey configuration,
        int capacity,
        boolean isLocal,
        boolean isGrantable,
        List<Slot> slots,
        @Nullable DiscoveredDevice seen,
        ConfigurationSpec spec) {

    public ExposedDevice {
        slots = List.copyOf(slots);
    }

    /// @return the same, of which nothing can be granted now
    public ExposedDevice withheld() {
        return new ExposedDevice(ref, configuration, capacity, isLocal, false, slots, seen, spec);
    }

    /// @return the Configuration's properties, which win over the device's own
    public Map<String, String> brokerProperties() {
        return spec.brokerProperties();
    }

    /// @return whether the kubelet is to know it by a resource of its own
    public boolean wantsOwnResource() {
        return spec.deviceResources() == DeviceResources.PER_DEVICE;
    }

    /// @return whether Pods of this namespace may have it
    public boolean isFor(String namespace) {
        Consumers others = spec.consumers();
        return configuration.namespace().equals(namespace) || (others != null && others.include(namespace));
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
