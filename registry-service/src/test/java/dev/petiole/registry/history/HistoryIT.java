package dev.petiole.registry.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.DeviceEvent;
import dev.petiole.api.device.DeviceEvent.Type;
import dev.petiole.api.node.ClusterFacts;
import dev.petiole.api.watch.ListPage;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.Person;
import dev.petiole.registry.testing.RunningRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happened to a device can be read afterwards: what, who, when and why.
class HistoryIT {

    @TempDir
    private Path directory;

    @Test
    void aDevicesLifeIsTold() {
        try (RunningRegistry registry = RunningRegistry.start(
                directory,
                "petiole.lease.duration=1s",
                "petiole.lease.renew-every=300ms",
                "petiole.slot.settle-time=0s",
                "petiole.device.retention=1h")) {
            RegistryClient client = registry.client();
            Configuration configuration = put(client);
            FakeAgent agent = FakeAgent.begin(client, "n1");
            agent.sees(configuration, "a");
            Device device = client.devices()
                    .list(null, null, null, null, null, null)
                    .items()
                    .getFirst();
            agent.claim(device, "id");
            agent.uses(FakeAgent.use(device, "id", "reader"));
            agent.uses();
            agent.sees(configuration);
            agent.sees(configuration, "a");

            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(() ->
                            assertThat(events(client, device).getFirst().type()).isEqualTo(Type.UNKNOWN));
            agent.renew();
            client.nodes().putCluster(new ClusterFacts("cluster", Map.of("n1", facts())));
            client.nodes().putCluster(new ClusterFacts("cluster", Map.of()));

            List<DeviceEvent> events = events(client, device);
            assertThat(events.reversed().stream().map(HistoryIT::told).toList())
                    .containsExactly(
                            "Online by node n1: Handler debugEcho of node n1 found it.",
                            "Claimed by node n1 (slot 0): A container was given it as petiole.dev/any.",
                            "Released by node n1 (slot 0): Its use has ended, Pod default/reader, container main.",
                            "Missing by node n1: Handler debugEcho of node n1 no longer lists it.",
                            "Online by node n1: Node n1 sees it again, within the grace period.",
                            "Unknown by registry: Node n1, which saw it, has fallen silent.",
                            "Online by node n1: Node n1 is heard again.",
                            "Offline by registry: Node n1 exists no more.");
            assertThat(events).extracting(DeviceEvent::at).isSortedAccordingTo((one, other) -> other.compareTo(one));

            client.configurations().delete(ConfigurationKey.PETIOLE, "default", "scales", "uid", null);
            assertThat(told(events(client, device).getFirst()))
                    .isEqualTo("Removed by registry: The Configuration was removed.");
        }
    }

    @Test
    void pagesOfAHistoryFollowEachOtherWhileItGrows() {
        try (RunningRegistry registry = RunningRegistry.start(directory, "petiole.device.retention=1h")) {
            RegistryClient client = registry.client();
            Configuration configuration = put(client);
            FakeAgent agent = FakeAgent.begin(client, "n1");
            Device device = flap(client, agent, configuration, 10);

            List<DeviceEvent> paged = new ArrayList<>();
            ListPage<DeviceEvent> page = page(client, device, 3, null);
            List<DeviceEvent> all = events(client, device);
            while (page.nextCursor() != null) {
                paged.addAll(page.items());
                agent.sees(configuration);
                agent.sees(configuration, "a");
                page = page(client, device, 3, page.nextCursor());
            }
            paged.addAll(page.items());

            assertThat(all).hasSize(21);
            assertThat(paged).isEqualTo(all);
        }
    }

    @Test
    void theNewestEventsOfADeviceAreKept() {
        try (RunningRegistry registry =
                RunningRegistry.start(directory, "petiole.device.retention=1h", "petiole.history.keep-per-device=5")) {
            RegistryClient client = registry.client();
            Device device = flap(client, FakeAgent.begin(client, "n1"), put(client), 10);
            assertThat(events(client, device)).hasSizeGreaterThanOrEqualTo(5);
        }
        try (RunningRegistry registry = RunningRegistry.start(
                        directory,
                        "petiole.device.retention=1h",
                        "petiole.history.keep-at-most=7",
                        "petiole.history.keep-per-device=5");
                Person person = new Person(registry.uri())) {
            RegistryClient client = registry.client();
            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(client.devices()
                                    .history(ConfigurationKey.PETIOLE, "default", name(client), null, null)
                                    .items())
                            .hasSize(7));
            assertThat(person.get("/devices/petiole.dev/default/none/history").status())
                    .isEqualTo(404);
        }
        try (RunningRegistry registry =
                RunningRegistry.start(directory, "petiole.device.retention=1h", "petiole.history.keep-for=1ms")) {
            RegistryClient client = registry.client();
            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(client.devices()
                                    .history(ConfigurationKey.PETIOLE, "default", name(client), null, null)
                                    .items())
                            .isEmpty());
        }
    }

    private static Device flap(RegistryClient client, FakeAgent agent, Configuration configuration, int times) {
        agent.sees(configuration, "a");
        for (int i = 0; i < times; i++) {
            agent.sees(configuration);
            agent.sees(configuration, "a");
        }
        return client.devices().list(null, null, null, null, null, null).items().getFirst();
    }

    private static String name(RegistryClient client) {
        return client.devices()
                .list(null, null, null, null, null, null)
                .items()
                .getFirst()
                .name();
    }

    private static String told(DeviceEvent event) {
        String type = event.type().name();
        return type.charAt(0) + type.substring(1).toLowerCase(java.util.Locale.ROOT) + " by " + event.by()
                + (event.slot() == null ? "" : " (slot " + event.slot() + ")") + ": " + event.why();
    }

    private static List<DeviceEvent> events(RegistryClient client, Device device) {
        return page(client, device, 100, null).items();
    }

    private static ListPage<DeviceEvent> page(
            RegistryClient client, Device device, int limit, @Nullable String cursor) {
        return client.devices().history(ConfigurationKey.PETIOLE, "default", device.name(), limit, cursor);
    }

    private static dev.petiole.api.node.Node.NodeFacts facts() {
        return new dev.petiole.api.node.Node.NodeFacts("uid", "boot", Map.of(), true, false);
    }

    private static Configuration put(RegistryClient client) {
        var spec = new ConfigurationSpec(
                new DiscoveryHandlerSpec("debugEcho", "", null),
                1,
                null,
                null,
                null,
                null,
                Duration.ofMinutes(1),
                null,
                null,
                null);
        return client.configurations()
                .put(ConfigurationKey.PETIOLE, "default", "scales", new ConfigurationWrite("uid", 1L, spec));
    }
}
