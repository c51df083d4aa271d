package dev.petiole.scheduler.registry;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.device.Device;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.WatchedCollection;
import dev.petiole.scheduler.queue.KeyLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What the registry holds of this group, by Configuration. It outlives the registry: while that is away the view stays
/// as it was. Thread-safe.
public final class RegistryView implements AutoCloseable {

    private static final String ALL = "registry";

    private final WatchedCollection<Configuration> configurations;
    private final WatchedCollection<Device> devices;
    private final KeyLoop<String> loop;
    private final List<Consumer<ConfigurationKey>> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<ConfigurationKey, Entry> entries = Map.of();
    private volatile boolean isSynced;

    public RegistryView(RegistryClient client, String group, RandomGenerator random) {
        this.configurations = client.watchConfigurations(Map.of("group", group), random);
        this.devices = client.watchDevices(Map.of("group", group), random);
        this.loop = new KeyLoop<>("registry-view", 1, random, _ -> refresh());
        configurations.onChange(() -> loop.add(ALL));
        devices.onChange(() -> loop.add(ALL));
    }

    /// What the registry holds for one Configuration.
    ///
    /// @param configuration null if only devices of it are left
    /// @param devices ordered by name
    public record Entry(@Nullable Configuration configuration, List<Device> devices) {
        public static final Entry NOTHING = new Entry(null, List.of());

        public Entry {
            devices = List.copyOf(devices);
        }

        public Optional<Configuration> findConfiguration() {
            return Optional.ofNullable(configuration);
        }
    }

    /// Calls `listener` with the key of each Configuration for which something changed; it must only note that.
    public void onChange(Consumer<ConfigurationKey> listener) {
        listeners.add(listener);
    }

    public void start() {
        loop.start();
        configurations.start();
        devices.start();
    }

    /// @return whether all lists have been received in full at least once; before that absence means nothing
    public boolean isSynced() {
        return isSynced;
    }

    public Entry get(ConfigurationKey key) {
        return entries.getOrDefault(key, Entry.NOTHING);
    }

    public Set<ConfigurationKey> keys() {
        return entries.keySet();
    }

    @Override
    public void close() {
        configurations.close();
        devices.close();
        loop.close();
    }

    private Optional<Duration> refresh() {
        if (!configurations.isSynced() || !devices.isSynced()) {
            return Optional.empty();
        }
        Map<ConfigurationKey, Entry> before = entries;
        Map<ConfigurationKey, Entry> now = read();
        entries = now;
        isSynced = true;
        changed(before, now).forEach(key -> listeners.forEach(listener -> listener.accept(key)));
        return Optional.empty();
    }

    private Map<ConfigurationKey, Entry> read() {
        Map<ConfigurationKey, Configuration> configurationByKey = new HashMap<>();
        configurations.list().forEach(configuration -> configurationByKey.put(configuration.key(), configuration));
        Map<ConfigurationKey, List<Device>> devicesByKey = new HashMap<>();
        for (Device device : devices.list()) {
            devicesByKey
                    .computeIfAbsent(device.configuration(), _ -> new ArrayList<>())
                    .add(device);
        }
        Set<ConfigurationKey> keys = new HashSet<>(configurationByKey.keySet());
        keys.addAll(devicesByKey.keySet());
        Map<ConfigurationKey, Entry> read = new HashMap<>();
        for (ConfigurationKey key : keys) {
            List<Device> found = devicesByKey.getOrDefault(key, new ArrayList<>());
            found.sort(Comparator.comparing(Device::name));
            read.put(key, new Entry(configurationByKey.get(key), found));
        }
        return read;
    }

    private static Set<ConfigurationKey> changed(
            Map<ConfigurationKey, Entry> before, Map<ConfigurationKey, Entry> now) {
        Set<ConfigurationKey> changed = new HashSet<>();
        now.forEach((key, entry) -> {
            if (!entry.equals(before.get(key))) {
                changed.add(key);
            }
        });
        before.keySet().stream().filter(key -> !now.containsKey(key)).forEach(changed::add);
        return changed;
    }
}
