package dev.petiole.discovery.dialect;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.discovery.handler.DiscoveredDevice;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How one API group is served on a node.
public sealed interface Dialect permits PetioleDialect, AkriDialect {

    /// All groups that are served.
    List<Dialect> ALL = List.of(PetioleDialect.INSTANCE, AkriDialect.INSTANCE);

    static Dialect of(String group) {
        return switch (group) {
            case ConfigurationKey.PETIOLE -> PetioleDialect.INSTANCE;
            case ConfigurationKey.AKRI -> AkriDialect.INSTANCE;
            default -> throw new IllegalArgumentException("group: " + group + " (expected: one that is served)");
        };
    }

    /// @return the extended resource that stands for this very device
    String resource(DeviceRef device);

    /// @return the extended resource that stands for any device of a Configuration
    String resource(ConfigurationKey configuration);

    /// @return the id of a slot in the resource of its device
    default String idInDevice(DeviceRef device, int slot) {
        return device.name() + "-" + slot;
    }

    /// @return the id of a slot in the resource of its Configuration
    default String idInConfiguration(DeviceRef device, int slot) {
        return device.name() + "." + slot;
    }

    /// @return the device that the kubelet means by an id of a resource; empty if these are not names of
    ///     this group
    Optional<DeviceRef> findDevice(String resource, String id, Known known);

    /// @return whether it takes a knowledge of Configurations to tell the devices of this resource
    boolean needsConfigurations(String resource);

    /// @return what tells the device from others of its Configuration
    String identity(DiscoveredDevice device);

    /// @param given what the reference says, if anything
    /// @return the namespace in which a Secret or ConfigMap is meant that a discovery property refers to
    String namespaceOfReference(@Nullable String given, ConfigurationKey configuration);

    /// What the node knows, where names alone do not tell.
    interface Known {

        /// @return the device of which this node holds the slot that the kubelet calls so
        Optional<DeviceRef> findHeld(String resource, String id);

        /// @return the namespace of the Configuration of this group that has this name
        Optional<String> findNamespace(String group, String configuration);
    }
}
