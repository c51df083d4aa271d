package dev.petiole.discovery.inventory;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec.Exposure;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.discovery.NodeProperties;
import dev.petiole.discovery.dialect.Dialect;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.registry.WatchedList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// What this node's discoveries see, and which of it the node's Pods may get. Thread-safe.
@Component
public final class Inventory implements Dialect.Known {

    private final WatchedList<Configuration> configurations;
    private final WatchedList<Device> devices;
    private final String node;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Map<ConfigurationKey, Map<String, DiscoveredDevice>> seen = new HashMap<>();

    Inventory(WatchedList<Configuration> configurations, WatchedList<Device> devices, NodeProperties node) {
        this.configurations = configurations;
        this.devices = devices;
        this.node = node.nodeName();
    }

    /// Calls `listener` whenever [#exposed] may have changed; it must only note that there is something to do.
    public void onChange(Runnable listener) {
        listeners.add(listener);
        configurations.onChange(listener);
        devices.onChange(listener);
    }

    /// Replaces all that is seen for a Configuration.
    public void put(ConfigurationKey configuration, List<DiscoveredDevice> discovered) {
        Map<String, DiscoveredDevice> byIdentity =
                discovered.stream().collect(Collectors.toMap(DiscoveredDevice::identity, Function.identity()));
        synchronized (this) {
            if (byIdentity.equals(seen.put(configuration, byIdentity))) {
                return;
            }
        }
        listeners.forEach(Runnable::run);
    }

    /// Adds to what is seen for a Configuration, and replaces what is seen anew.
    public void putSome(ConfigurationKey configuration, List<DiscoveredDevice> discovered) {
        List<DiscoveredDevice> all = new ArrayList<>(discovered);
        synchronized (this) {
            Set<String> identities =
                    discovered.stream().map(DiscoveredDevice::identity).collect(Collectors.toSet());
            seen.getOrDefault(configuration, Map.of()).values().stream()
                    .filter(device -> !identities.contains(device.identity()))
                    .forEach(all::add);
        }
        put(configuration, all);
    }

    /// Nobody looks for this Configuration's devices any more.
    public void forget(ConfigurationKey configuration) {
        synchronized (this) {
            seen.remove(configuration);
        }
        listeners.forEach(Runnable::run);
    }

    /// @return whether the registry's side is known; before that, nothing can be said about what is exposed
    public boolean isSynced() {
        return configurations.isSynced() && devices.isSynced();
    }

    /// @return the devices that are exposed to this node's kubelet as extended resources, ordered by namespace and name
    public List<ExposedDevice> exposed() {
        return exposed(Exposure.DEVICE_PLUGIN);
    }

    /// @return the devices that are exposed in this way, ordered by namespace and name
    public List<ExposedDevice> exposed(Exposure exposure) {
        Map<ConfigurationKey, Configuration> byKey =
                configurations.list().stream().collect(Collectors.toMap(Configuration::key, Function.identity()));
        return devices.list().stream()
                .flatMap(device -> expose(device, byKey.get(device.configuration()), exposure).stream())
                .sorted(Comparator.comparing(
                                (ExposedDevice device) -> device.ref().namespace())
                        .thenComparing(device -> device.ref().name()))
                .toList();
    }

    /// @param resource an extended resource of the node, whosever it is
    /// @return the device that the kubelet means by an id of it; empty if that is none of ours
    public Optional<DeviceRef> findDevice(String resource, String id) {
        return Dialect.ALL.stream()
                .flatMap(dialect -> dialect.findDevice(resource, id, this).stream())
                .findFirst();
    }

    @Override
    public Optional<DeviceRef> findHeld(String resource, String id) {
        return devices.list().stream()
                .filter(device -> device.slots().stream()
                        .anyMatch(slot -> slot.node().equals(node)
                                && slot.resource().equals(resource)
                                && slot.kubeletDeviceId().equals(id)))
                .map(Inventory::ref)
                .findFirst();
    }

    @Override
    public Optional<String> findNamespace(String group, String configuration) {
        return configurations.list().stream()
                .map(Configuration::key)
                .filter(key -> key.group().equals(group) && key.name().equals(configuration))
                .map(ConfigurationKey::namespace)
                .findFirst();
    }

    private Optional<ExposedDevice> expose(Device device, @Nullable Configuration configuration, Exposure exposure) {
        if (configuration == null
                || !configuration.uid().equals(device.configurationUid())
                || configuration.spec().exposure() != exposure
                || device.admission() != Admission.APPROVED) {
            return Optional.empty();
        }
        return device.nodes().stream()
                .filter(presence -> presence.node().equals(node))
                .map(NodePresence::presence)
                .filter(presence -> presence != Presence.OFFLINE)
                .findFirst()
                .map(presence -> expose(device, configuration, presence));
    }

    private ExposedDevice expose(Device device, Configuration configuration, Presence presence) {
        DiscoveredDevice discovered = find(device.configuration(), device.identity());
        boolean isGrantable = discovered != null && presence == Presence.ONLINE && device.presence() == Presence.ONLINE;
        return new ExposedDevice(
                ref(device),
                device.configuration(),
                device.capacity(),
                !device.shared(),
                isGrantable,
                device.slots(),
                discovered,
                configuration.spec());
    }

    private static DeviceRef ref(Device device) {
        return new DeviceRef(
                device.configuration().group(), device.configuration().namespace(), device.name());
    }

    private synchronized @Nullable DiscoveredDevice find(ConfigurationKey configuration, String identity) {
        return seen.getOrDefault(configuration, Map.of()).get(identity);
    }
}
