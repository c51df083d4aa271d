package dev.petiole.e2e.quickstart;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/// Tells of scales, Instances and brokers as they come and go, until what is awaited is there.
final class Watch {

    private static final Duration PERIOD = Duration.ofMillis(500);

    private final SmartStore store;
    private final Progress progress;
    private Set<String> known = Set.of();

    Watch(SmartStore store, Progress progress) {
        this.store = store;
        this.progress = progress;
    }

    void awaitAllServed(Duration limit) {
        int wanted = store.scales().size();
        await(limit, devices -> devices.size() >= wanted && devices.stream().allMatch(Device::isServed));
    }

    void awaitServed(String scale, Duration limit) {
        await(limit, devices -> devices.stream().anyMatch(device -> isOf(device, scale) && device.isServed()));
    }

    void awaitGone(String scale, Duration limit) {
        await(limit, devices -> devices.stream().noneMatch(device -> isOf(device, scale)));
    }

    private void await(Duration limit, Predicate<List<Device>> goal) {
        Awaitility.await().atMost(limit).pollInterval(PERIOD).until(this::look, goal);
    }

    private List<Device> look() {
        List<Device> devices = store.devices();
        tell(devices);
        return devices;
    }

    private void tell(List<Device> devices) {
        Set<String> now = new LinkedHashSet<>();
        store.pluggedIn().forEach(scale -> now.add("scale " + scale + " is plugged in"));
        for (Device device : devices) {
            now.add("Instance %s: %s, %s, seen by %s"
                    .formatted(
                            device.name(), device.address(), device.presence(), String.join(" and ", device.nodes())));
            for (Device.Broker broker : device.brokers()) {
                String state = broker.hasStock() ? "serves" : broker.stock();
                now.add("broker %s on %s: %s".formatted(broker.pod(), broker.node(), state));
            }
        }
        now.stream().filter(line -> !known.contains(line)).forEach(line -> progress.say("  + " + line));
        known.stream()
                .filter(line -> !now.contains(line))
                .filter(line -> !now.stream().anyMatch(other -> isSameThing(line, other)))
                .forEach(line -> progress.say("  - " + subject(line)));
        known = now;
    }

    private static boolean isOf(Device device, String scale) {
        return device.address().contains("://" + scale + ".")
                || device.address().contains("://" + scale + ":");
    }

    private static boolean isSameThing(String line, String other) {
        return subject(line).equals(subject(other));
    }

    /// The first two words, which name a thing; the rest is its state.
    private static String subject(String line) {
        String[] words = line.split("[ :]", 3);
        return words[0] + " " + words[1];
    }
}
