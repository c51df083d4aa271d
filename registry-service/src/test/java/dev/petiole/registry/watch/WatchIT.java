package dev.petiole.registry.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.WatchedCollection;
import dev.petiole.registry.testing.EventLog;
import dev.petiole.registry.testing.EventLog.Event;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.RunningRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Watches, as clients see them: nothing is lost, reordered or invented, across the registry's restarts too.
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class WatchIT {

    private static final String DEVICES = "/api/v1/devices";

    @TempDir
    private Path directory;

    @Test
    void aStreamBeginsWithThePresentAndGoesOnWithChanges() throws Exception {
        try (var registry = RunningRegistry.start(directory)) {
            RegistryClient client = registry.client();
            Configuration configuration = put(client, "scales");
            FakeAgent agent = FakeAgent.begin(client, "n1");
            agent.sees(configuration, "a", "b");

            try (EventLog stream = watch(registry, DEVICES, null)) {
                List<Event> present = stream.next(3);
                assertThat(present).extracting(Event::name).containsExactly("added", "added", "bookmark");
                assertThat(present.getFirst().id())
                        .as("one can't go on in the middle")
                        .isNull();
                assertThat(present.getLast().data()).contains("\"initialEventsEnd\":true");
                assertThat(present.getLast().data())
                        .contains(String.valueOf(present.getLast().id()));

                agent.sees(configuration, "a", "c");
                assertThat(stream.next(2)).extracting(Event::name).containsExactlyInAnyOrder("added", "modified");
                client.configurations().delete(ConfigurationKey.PETIOLE, "default", "scales", "uid", null);
                assertThat(stream.next(3)).extracting(Event::name).containsOnly("deleted");
            }
        }
    }

    @Test
    void whatLeavesTheFilterIsDeletedForItsWatcher() throws Exception {
        try (var registry = RunningRegistry.start(directory)) {
            RegistryClient client = registry.client();
            Configuration configuration = put(client, "scales");
            FakeAgent one = FakeAgent.begin(client, "n1");
            FakeAgent two = FakeAgent.begin(client, "n2");
            one.sees(configuration, "a");

            try (EventLog stream = watch(registry, DEVICES + "?node=n2", null)) {
                assertThat(stream.next(1)).extracting(Event::name).containsExactly("bookmark");
                two.sees(configuration, "a");
                two.sees(configuration);
                assertThat(stream.next(3)).extracting(Event::name).containsExactly("added", "modified", "deleted");
            }
            assertThat(client.devices().list(null, null, null, "n1", null, null).items())
                    .hasSize(1);
        }
    }

    @Test
    void aStreamGoesOnWhereItWasEvenAfterARestart() throws Exception {
        String last;
        try (var registry = RunningRegistry.start(directory)) {
            Configuration configuration = put(registry.client(), "scales");
            try (EventLog stream = watch(registry, DEVICES, null)) {
                last = stream.next(1).getLast().id();
            }
            FakeAgent.begin(registry.client(), "n1").sees(configuration, "a");
        }

        try (var registry = RunningRegistry.start(directory);
                EventLog stream = watch(registry, DEVICES, last)) {
            assertThat(stream.next(2)).extracting(Event::name).containsExactly("bookmark", "added");
        }
    }

    @Test
    void whatIsNoLongerKeptOrOfAnotherDatabaseIsGone() throws Exception {
        try (var registry = RunningRegistry.start(
                directory, "petiole.log.keep-at-most=5", "petiole.log.cached=1", "petiole.timer.max-pause=1h")) {
            put(registry.client(), "first");
            String last;
            try (EventLog stream = watch(registry, "/api/v1/configurations", null)) {
                last = stream.next(2).getLast().id();
            }
            assertThat(statusOf(registry, "zzz-1")).isEqualTo(410);
            assertThat(statusOf(registry, "nonsense")).isEqualTo(410);
            assertThat(statusOf(registry, Objects.requireNonNull(last) + "000")).isEqualTo(410);
            assertThat(statusOf(registry, last)).isEqualTo(200);
            for (int i = 0; i < 20; i++) {
                put(registry.client(), "more-" + i);
            }
        }

        // Trimming runs at the start and then every minute.
        try (var registry = RunningRegistry.start(directory, "petiole.log.keep-at-most=5")) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(statusOf(registry, epoch(registry) + "-1"))
                            .isEqualTo(410));
        }
    }

    @Test
    void theLogIsTrimmedByItsSizeFromTheOldestOn() throws Exception {
        int count = 50;
        try (var registry = RunningRegistry.start(directory)) {
            for (int i = 0; i < count; i++) {
                put(registry.client(), "configuration-" + i);
            }
        }

        // Trimming runs at the start and then every minute.
        try (var registry = RunningRegistry.start(directory, "petiole.log.keep-size=8KB")) {
            String newest;
            try (EventLog stream = watch(registry, "/api/v1/configurations", null)) {
                newest = Objects.requireNonNull(stream.next(count + 1).getLast().id());
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(statusOf(registry, epoch(registry) + "-1"))
                            .isEqualTo(410));
            long revision = Long.parseLong(newest.substring(newest.indexOf('-') + 1));
            assertThat(statusOf(registry, epoch(registry) + "-" + (revision - 2)))
                    .isEqualTo(200);
        }
    }

    @Test
    void aSilentStreamHasAHeartbeatAndNowAndThenABookmark() throws Exception {
        try (var registry = RunningRegistry.start(
                        directory, "petiole.watch.heartbeat=200ms", "petiole.watch.bookmark=400ms");
                EventLog stream = watch(registry, DEVICES, null)) {
            stream.next(1);
            assertThat(stream.nextLine()).isEmpty();
            assertThat(stream.nextLine()).isEqualTo(":");

            put(registry.client(), "not-a-device");

            Event bookmark = stream.next(1).getFirst();
            assertThat(bookmark.name()).isEqualTo("bookmark");
            assertThat(bookmark.data()).contains("\"initialEventsEnd\":false");
        }
    }

    @Test
    void streamsEndWhenTheRegistryStops() throws Exception {
        EventLog stream;
        long began;
        try (var registry = RunningRegistry.start(directory)) {
            stream = watch(registry, DEVICES, null);
            stream.next(1);
            began = System.nanoTime();
        }

        assertThat(stream.next()).isNull();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        stream.close();
    }

    /// A watcher that does not read is cut off, and meanwhile costs nobody else anything.
    @Test
    void aWatcherThatDoesNotReadHoldsNobodyUp() throws Exception {
        try (var registry = RunningRegistry.start(directory, "server.tomcat.connection-timeout=2s")) {
            RegistryClient client = registry.client();
            Configuration configuration = put(client, "scales");
            FakeAgent agent = FakeAgent.begin(client, "n1");
            URI uri = registry.uri();
            try (var deaf = new Socket(uri.getHost(), uri.getPort());
                    EventLog stream = watch(registry, DEVICES, null)) {
                deaf.setReceiveBufferSize(1024);
                String request = "GET " + DEVICES + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
                deaf.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                stream.next(1);
                for (int round = 1; round <= 60; round++) {
                    agent.sees(configuration, identities(round, 100));
                }

                assertThat(stream.next(6_000)).hasSize(6_000);
            }
        }
    }

    @Test
    void aWatchedCollectionFollowsThroughRestarts() throws Exception {
        int port;
        var random = new Random(42);
        WatchedCollection<Device> watched;
        try (var registry = RunningRegistry.start(directory)) {
            port = registry.uri().getPort();
            RegistryClient client = registry.client();
            watched = client.watchDevices(Map.of("node", "n1"), random);
            watched.start();
            await().until(watched::isSynced);
            assertThat(watched.list()).isEmpty();

            FakeAgent agent = FakeAgent.begin(client, "n1");
            agent.sees(put(client, "scales"), "a", "b");
            await().until(() -> watched.list().size() == 2);
            agent.claim(watched.list().getFirst(), "id-1");
            await().until(() ->
                    watched.list().stream().anyMatch(device -> !device.slots().isEmpty()));
        }

        try (var registry = RunningRegistry.start(directory, "server.port=" + port)) {
            RegistryClient client = registry.client();
            assertThat(watched.list())
                    .as("the copy stays while the registry is away")
                    .hasSize(2);
            FakeAgent.begin(client, "n1").sees(put(client, "scales"), "a", "b", "c");
            await().atMost(Duration.ofSeconds(20)).until(() -> watched.list().size() == 3);
            client.configurations().delete(ConfigurationKey.PETIOLE, "default", "scales", "uid", null);
            await().until(() -> watched.list().isEmpty());
        } finally {
            watched.close();
        }
    }

    /// Many writers and many watchers: each watcher's folded state equals the final list.
    @Test
    void whatWatchersHaveFoldedIsWhatIsThere() throws Exception {
        try (var registry =
                RunningRegistry.start(directory, "petiole.log.cached=20", "petiole.device.retention=100ms")) {
            RegistryClient client = registry.client();
            Configuration configuration = put(client, "scales");
            List<WatchedCollection<Device>> watchers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Map<String, String> filter = i % 2 == 0 ? Map.of() : Map.of("node", "n" + i % 4);
                WatchedCollection<Device> watcher = client.watchDevices(filter, new Random(i));
                watcher.start();
                watchers.add(watcher);
            }
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String node = "n" + i;
                var random = new Random(i);
                writers.add(Thread.ofVirtual().start(() -> write(client, configuration, node, random)));
            }
            for (Thread writer : writers) {
                writer.join();
            }

            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                for (int i = 0; i < watchers.size(); i++) {
                    String node = i % 2 == 0 ? null : "n" + i % 4;
                    assertThat(versions(watchers.get(i).list()))
                            .isEqualTo(versions(client.devices()
                                    .list(null, null, null, node, 1000, null)
                                    .items()));
                }
            });
            watchers.forEach(WatchedCollection::close);
        }
    }

    private static void write(RegistryClient client, Configuration configuration, String node, Random random) {
        FakeAgent agent = FakeAgent.begin(client, node);
        for (int round = 0; round < 60; round++) {
            List<String> identities = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                if (random.nextBoolean()) {
                    identities.add("device-" + i);
                }
            }
            agent.sees(configuration, identities.toArray(String[]::new));
        }
    }

    private static Map<String, String> versions(List<Device> devices) {
        Map<String, String> versions = new HashMap<>();
        devices.forEach(device -> versions.put(device.name(), device.resourceVersion()));
        return versions;
    }

    private static String[] identities(int round, int count) {
        var identities = new String[count];
        for (int i = 0; i < count; i++) {
            identities[i] = "device-" + round + "-" + i;
        }
        return identities;
    }

    private static int statusOf(RunningRegistry registry, String lastEventId) throws IOException, InterruptedException {
        try (EventLog stream = watch(registry, DEVICES, lastEventId)) {
            return stream.status();
        }
    }

    private static String epoch(RunningRegistry registry) {
        String resourceVersion = registry.client()
                .devices()
                .list(null, null, null, null, null, null)
                .resourceVersion();
        return resourceVersion.substring(0, resourceVersion.indexOf('-'));
    }

    private static EventLog watch(RunningRegistry registry, String path, @Nullable String lastEventId)
            throws IOException, InterruptedException {
        return EventLog.open(registry.uri().resolve(path), lastEventId);
    }

    private static Configuration put(RegistryClient client, String name) {
        var spec = new ConfigurationSpec(
                new DiscoveryHandlerSpec("debugEcho", "", null),
                1,
                null,
                null,
                null,
                null,
                Duration.ofMillis(100),
                null,
                null,
                null);
        return client.configurations()
                .put(ConfigurationKey.PETIOLE, "default", name, new ConfigurationWrite("uid", 1L, spec));
    }
}
