package dev.petiole.registry.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device;
import dev.petiole.api.node.Node.LeaseState;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.registry.client.RegistryUnreachable;
import dev.petiole.registry.testing.EventLog;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.RegistryProcess;
import dev.petiole.registry.testing.RunningRegistry;
import dev.petiole.registry.testing.StrictWatcher;
import dev.petiole.registry.testing.TestDatabases;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Several replicas on one PostgreSQL, and one on H2: whichever is asked, and whichever is killed, it is one
/// registry. `-Dregistry.soak=true` is the full size.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ReplicasIT {

    private static final boolean IS_SOAK = Boolean.getBoolean("registry.soak");
    private static final int WATCHERS = IS_SOAK ? 200 : 24;
    private static final int WRITERS = IS_SOAK ? 20 : 5;
    private static final int KILLS = IS_SOAK ? 6 : 2;
    private static final int ROUNDS_BETWEEN_KILLS = 40;

    @TempDir
    private Path directory;

    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicBoolean isOver = new AtomicBoolean();

    @Test
    void aWriteThroughOneIsSeenByTheWatchersOfAnotherWithinASecond() throws Exception {
        Assumptions.assumeTrue(TestDatabases.isPostgresql(), "H2 in a file has one replica");
        try (var one = RunningRegistry.start(directory);
                var other = RunningRegistry.start(directory);
                EventLog stream = EventLog.open(other.uri().resolve("/api/v1/devices"), null)) {
            stream.next(1);
            Configuration configuration = put(one.client());
            FakeAgent agent = FakeAgent.begin(one.client(), "n1");
            for (int i = 0; i < 5; i++) {
                long begun = System.nanoTime();
                agent.sees(configuration, "device-" + i);
                awaitDevice(stream, "device-" + i);
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
            }
            // A session that one has begun is known to the other.
            FakeAgent moved = agent.at(other.client());
            moved.sees(configuration, "elsewhere");
            awaitDevice(stream, "elsewhere");
        }
    }

    private static void awaitDevice(EventLog stream, String identity) throws IOException {
        while (!stream.next(1).getFirst().data().contains("\"" + identity + "\"")) {
            // Another device's.
        }
    }

    /// The lease of a node that one replica has granted is watched over by the other.
    @Test
    void theReplicasThatAreLeftDoWhatIsDue() {
        Assumptions.assumeTrue(TestDatabases.isPostgresql(), "H2 in a file has one replica");
        String[] properties = {"petiole.lease.duration=3s", "petiole.lease.renew-every=1s"};
        try (var left = RunningRegistry.start(directory, properties)) {
            try (var ended = RunningRegistry.start(directory, properties)) {
                FakeAgent.begin(ended.client(), "n1");
            }
            long ended = System.nanoTime();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> left.client().nodes().get("n1").lease() == LeaseState.EXPIRED);
            assertThat(Duration.ofNanos(System.nanoTime() - ended))
                    .as("the end of one replica is no absence of the registry")
                    .isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void whatWatchersHaveFoldedIsWhatIsThereWhicheverReplicaIsKilled() throws Exception {
        var random = new Random(7);
        List<RegistryProcess> replicas = new ArrayList<>();
        List<StrictWatcher> watchers = new ArrayList<>();
        List<Thread> writers = new ArrayList<>();
        String[] properties = {"petiole.log.cached=50", "petiole.device.retention=1s"};
        try {
            int count = TestDatabases.isPostgresql() ? 2 : 1;
            for (int i = 0; i < count; i++) {
                replicas.add(RegistryProcess.start(directory, properties));
            }
            Configuration configuration = put(replicas.getFirst().client());
            for (int i = 0; i < WATCHERS; i++) {
                String filter = i % 3 == 0 ? "" : "?node=n" + i % WRITERS;
                watchers.add(StrictWatcher.start(
                        i,
                        replicas.stream()
                                .map(replica -> replica.uri().resolve("/api/v1/devices" + filter))
                                .toArray(URI[]::new)));
            }
            Set<Throwable> failures = ConcurrentHashMap.newKeySet();
            for (int i = 0; i < WRITERS; i++) {
                var writer = new Writer(replicas, "n" + i, i);
                writers.add(Thread.ofVirtual()
                        .uncaughtExceptionHandler((_, failure) -> failures.add(failure))
                        .start(() -> writer.run(configuration)));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                int before = rounds.get();
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> rounds.get() > before + ROUNDS_BETWEEN_KILLS || !failures.isEmpty());
                RegistryProcess victim = replicas.get(random.nextInt(replicas.size()));
                victim.kill();
                victim.restart();
            }
            isOver.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(failures).isEmpty();
            RegistryClient client = replicas.getLast().client();
            await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                Map<String, Map<String, String>> expected = new HashMap<>();
                for (int i = 0; i < WATCHERS; i++) {
                    String node = i % 3 == 0 ? "" : "n" + i % WRITERS;
                    Map<String, String> versions = expected.computeIfAbsent(node, _ -> versions(client, node));
                    assertThat(watchers.get(i).versions()).isEqualTo(versions);
                }
            });
            assertThat(watchers)
                    .allSatisfy(watcher -> assertThat(watcher.faults()).isEmpty());
        } finally {
            isOver.set(true);
            watchers.forEach(StrictWatcher::close);
            replicas.forEach(RegistryProcess::close);
        }
    }

    /// A node whose devices come and go, and whose discovery service asks the next replica when one is gone.
    private final class Writer {

        private final List<RegistryProcess> replicas;
        private final Random random;
        private FakeAgent agent;
        private int turn;

        Writer(List<RegistryProcess> replicas, String node, int seed) {
            this.replicas = replicas;
            this.random = new Random(seed);
            this.turn = seed;
            this.agent = FakeAgent.begin(replicas.get(turn % replicas.size()).client(), node);
        }

        void run(Configuration configuration) {
            while (!isOver.get()) {
                List<String> identities = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    if (random.nextBoolean()) {
                        identities.add("device-" + i);
                    }
                }
                say(configuration, identities.toArray(String[]::new));
                rounds.incrementAndGet();
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }

        private void say(Configuration configuration, String... identities) {
            while (true) {
                try {
                    agent.sees(configuration, identities);
                    return;
                } catch (RegistryUnreachable _) {
                    turn++;
                } catch (RegistryProblem problem) {
                    if (problem.status() != 503) {
                        throw problem;
                    }
                }
                agent = agent.at(replicas.get(turn % replicas.size()).client());
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
    }

    private static Map<String, String> versions(RegistryClient client, String node) {
        Map<String, String> versions = new HashMap<>();
        for (Device device : client.devices()
                .list(null, null, null, node.isEmpty() ? null : node, 1000, null)
                .items()) {
            versions.put(device.name(), device.resourceVersion());
        }
        return versions;
    }

    private static Configuration put(RegistryClient client) {
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
                .put(ConfigurationKey.PETIOLE, "default", "scales", new ConfigurationWrite("uid", 1L, spec));
    }
}
