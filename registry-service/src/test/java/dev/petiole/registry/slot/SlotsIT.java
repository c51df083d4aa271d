package dev.petiole.registry.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.registry.client.RegistryUnreachable;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.RegistryProcess;
import dev.petiole.registry.testing.RunningRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Invariant 1, with the registry killed while nodes claim and release: a real process, ended by SIGKILL.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SlotsIT {

    private static final int CAPACITY = 3;
    private static final int NODES = 6;
    private static final int KILLS = 3;

    @TempDir
    private Path directory;

    private final AtomicInteger holders = new AtomicInteger();
    private final AtomicInteger grants = new AtomicInteger();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @Test
    void neverMoreHoldersThanCapacityAndNoGrantIsLost() throws Exception {
        List<Thread> nodes = new ArrayList<>();
        try (var registry = RegistryProcess.start(directory)) {
            RegistryClient client = registry.client();
            Configuration configuration = put(client);
            for (int i = 0; i < NODES; i++) {
                String node = "n" + i;
                var random = new Random(i);
                FakeAgent agent = FakeAgent.begin(client, node);
                agent.sees(configuration, "a");
                nodes.add(Thread.ofVirtual().start(() -> run(client, agent, random)));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                int before = grants.get();
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> grants.get() > before + 50);
                registry.kill();
                registry.restart();
            }
            isOver.set(true);
            for (Thread node : nodes) {
                node.join();
            }
            assertThat(failures).isEmpty();
            assertThat(device(client).slots()).isEmpty();
        }

        // And what was acknowledged is there for whoever opens the database next.
        try (var again = RunningRegistry.start(directory)) {
            assertThat(device(again.client()).nodes()).hasSize(NODES);
        }
    }

    private void run(RegistryClient client, FakeAgent agent, Random random) {
        try {
            for (int i = 0; !isOver.get(); i++) {
                String id = "id-" + i;
                if (claim(client, agent, id)) {
                    int now = holders.incrementAndGet();
                    grants.incrementAndGet();
                    assertThat(now).isLessThanOrEqualTo(CAPACITY);
                    LockSupport.parkNanos(random.nextInt(3_000_000));
                    assertThat(device(client).slots())
                            .anyMatch(slot -> slot.kubeletDeviceId().equals(id));
                    holders.decrementAndGet();
                }
                retry(() -> {
                    agent.uses();
                    return true;
                });
            }
        } catch (RuntimeException | AssertionError e) {
            failures.add(e);
            isOver.set(true);
        }
    }

    /// Asks until there is an answer: a grant whose answer was lost is granted again.
    private static boolean claim(RegistryClient client, FakeAgent agent, String id) {
        return retry(() -> {
            try {
                agent.claim(device(client), id);
                return true;
            } catch (RegistryProblem problem) {
                if (problem.type().equals("no-free-slot")) {
                    return false;
                }
                throw problem;
            }
        });
    }

    private static boolean retry(BooleanSupplier call) {
        while (true) {
            try {
                return call.getAsBoolean();
            } catch (RegistryUnreachable _) {
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            } catch (RegistryProblem problem) {
                if (problem.status() != 503) {
                    throw problem;
                }
            }
        }
    }

    private static Device device(RegistryClient client) {
        var devices = new ArrayList<Device>();
        retry(() -> devices.addAll(
                client.devices().list(null, null, null, null, null, null).items()));
        return devices.getFirst();
    }

    private static Configuration put(RegistryClient client) {
        ConfigurationSpec spec = ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", "", null), CAPACITY);
        return client.configurations()
                .put(ConfigurationKey.PETIOLE, "default", "scales", new ConfigurationWrite("uid", 1L, spec));
    }
}
