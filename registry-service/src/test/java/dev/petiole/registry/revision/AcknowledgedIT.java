package dev.petiole.registry.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Killed with SIGKILL under load, the registry comes back with everything it had acknowledged.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class AcknowledgedIT {

    private static final int NODES = 8;
    private static final int KILLS = 2;

    @TempDir
    private Path directory;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    @Test
    void whatWasAcknowledgedIsThereAfterSigkill() throws Exception {
        try (var registry = RegistryProcess.start(directory)) {
            for (int kill = 0; kill < KILLS; kill++) {
                RegistryClient client = registry.client();
                Configuration configuration = put(client);
                List<Thread> nodes = new ArrayList<>();
                for (int i = 0; i < NODES; i++) {
                    String node = "n" + kill + "-" + i;
                    nodes.add(Thread.ofVirtual().start(() -> sayUntilItDies(client, configuration, node)));
                }
                int before = acknowledged.size();
                await().atMost(Duration.ofMinutes(1)).until(() -> acknowledged.size() > before + 200);
                registry.kill();
                for (Thread node : nodes) {
                    node.join();
                }
                registry.restart();
                assertThat(identities(client)).containsAll(acknowledged);
            }
        }
    }

    /// Each observation has one device more than the one before.
    private void sayUntilItDies(RegistryClient client, Configuration configuration, String node) {
        try {
            FakeAgent agent = FakeAgent.begin(client, node);
            for (int count = 1; ; count++) {
                String[] identities =
                        IntStream.range(0, count).mapToObj(i -> node + "-" + i).toArray(String[]::new);
                agent.sees(configuration, identities);
                acknowledged.add(identities[count - 1]);
            }
        } catch (RegistryUnreachable _) {
            // It was killed.
        } catch (RegistryProblem problem) {
            assertThat(problem.status()).isEqualTo(503);
        }
    }

    private static Set<String> identities(RegistryClient client) {
        return client.devices().list(null, null, null, null, 1000, null).items().stream()
                .map(Device::identity)
                .collect(Collectors.toSet());
    }

    private static Configuration put(RegistryClient client) {
        ConfigurationSpec spec = ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", "", null), 1);
        return client.configurations()
                .put(ConfigurationKey.PETIOLE, "default", "scales", new ConfigurationWrite("uid", 1L, spec));
    }
}
