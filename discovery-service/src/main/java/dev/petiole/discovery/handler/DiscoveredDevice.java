package dev.petiole.discovery.handler;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A leaf device as a handler sees it.
///
/// @param identity unique among the handler's devices for a Configuration, and as stable as the protocol allows
/// @param locator unique too: where the device is found now, which is what Akri takes for its identity
/// @param properties environment of every container that is given the device
/// @param mounts what such a container gets mounted
/// @param deviceNodes the device nodes such a container may open
/// @param numaNode the NUMA node that it is attached to; null if to none, or if that is not known
public record DiscoveredDevice(
        String identity,
        String locator,
        Map<String, String> properties,
        List<Mount> mounts,
        List<DeviceNode> deviceNodes,
        @Nullable Integer numaNode) {

    public DiscoveredDevice {
        if (identity.isBlank()) {
            throw new IllegalArgumentException("identity: blank (expected: a unique name)");
        }
        if (locator.isBlank()) {
            throw new IllegalArgumentException("locator: blank (expected: a unique name)");
        }
        properties = Map.copyOf(properties);
        mounts = List.copyOf(mounts);
        deviceNodes = List.copyOf(deviceNodes);
    }

    /// A device whose identity is where it is found.
    public DiscoveredDevice(
            String identity, Map<String, String> properties, List<Mount> mounts, List<DeviceNode> deviceNodes) {
        this(identity, identity, properties, mounts, deviceNodes);
    }

    /// A device of no particular NUMA node.
    public DiscoveredDevice(
            String identity,
            String locator,
            Map<String, String> properties,
            List<Mount> mounts,
            List<DeviceNode> deviceNodes) {
        this(identity, locator, properties, mounts, deviceNodes, null);
    }

    /// A device that is reached over the network alone.
    public static DiscoveredDevice of(String identity, Map<String, String> properties) {
        return new DiscoveredDevice(identity, properties, List.of(), List.of());
    }

    public DiscoveredDevice withLocator(String newLocator) {
        return new DiscoveredDevice(identity, newLocator, properties, mounts, deviceNodes, numaNode);
    }

    public DiscoveredDevice withIdentity(String newIdentity) {
        return new DiscoveredDevice(newIdentity, locator, properties, mounts, deviceNodes, numaNode);
    }

    /// A file or directory of the node for a container.
    public record Mount(String containerPath, String hostPath, boolean readOnly) {}

    /// A device node of the node for a container.
    ///
    /// @param permissions any of `r`, `w`, `m`
    public record DeviceNode(String containerPath, String hostPath, String permissions) {}
}
