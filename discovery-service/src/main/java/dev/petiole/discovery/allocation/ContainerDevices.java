package dev.petiole.discovery.allocation;

import dev.petiole.discovery.handler.DiscoveredDevice.DeviceNode;
import dev.petiole.discovery.handler.DiscoveredDevice.Mount;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a container gets for its devices.
///
/// @param environment each property K as `K` and as `K_<HASH>`; with several devices `K` is that of the first
public record ContainerDevices(Map<String, String> environment, List<Mount> mounts, List<DeviceNode> deviceNodes) {

    public ContainerDevices {
        environment = Map.copyOf(environment);
        mounts = List.copyOf(mounts);
        deviceNodes = List.copyOf(deviceNodes);
    }

    /// Merges devices; the same device several times counts once, and so does the same path in the container.
    static ContainerDevices of(List<SeenDevice> devices) {
        var environment = new TreeMap<String, String>();
        Map<String, Mount> mounts = new LinkedHashMap<>();
        Map<String, DeviceNode> deviceNodes = new LinkedHashMap<>();
        Set<SeenDevice> distinct = new LinkedHashSet<>(devices);
        for (SeenDevice seen : distinct) {
            var properties = new TreeMap<>(seen.device().properties());
            properties.putAll(seen.brokerProperties());
            properties.forEach((name, value) -> {
                environment.putIfAbsent(name, value);
                environment.put(name + "_" + seen.hash(), value);
            });
            seen.device().mounts().forEach(mount -> mounts.putIfAbsent(mount.containerPath(), mount));
            seen.device().deviceNodes().forEach(node -> deviceNodes.putIfAbsent(node.containerPath(), node));
        }
        return new ContainerDevices(environment, List.copyOf(mounts.values()), List.copyOf(deviceNodes.values()));
    }
}
