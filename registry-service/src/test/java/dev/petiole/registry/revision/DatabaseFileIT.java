package dev.petiole.registry.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.RegistryProcess;
import dev.petiole.registry.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The size of H2's file under devices that come and go.
class DatabaseFileIT {

    private static final int NODES = 20;
    private static final long MEGABYTE = 1024 * 1024;

    @TempDir
    private Path directory;

    @Test
    void theFileIsUsedAgain() throws IOException {
        assumeFalse(TestDatabases.isPostgresql(), "a server's files are its own");
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "only Linux tells what a process has written");
        // H2 leaves what was current alone for so long: 45 s by default.
        String url = "jdbc:h2:file:" + directory.toAbsolutePath()
                + "/registry;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;COMPRESS=TRUE;RETENTION_TIME=1000";
        try (var registry = RegistryProcess.start(directory, "petiole.database.url=" + url)) {
            RegistryClient client = registry.client();
            Configuration configuration = configuration(client);
            List<FakeAgent> agents = agents(client);
            for (int turn = 0; turn < 60; turn++) {
                flap(agents, configuration, turn);
            }
            assertThat(registry.written()).as("bytes written").isGreaterThan(5 * MEGABYTE);

            // Now and then something is written, as there always is.
            FakeAgent one = agents.getFirst();
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> {
                        one.sees(configuration, "n0-" + System.nanoTime());
                        assertThat(size()).isLessThan(3 * MEGABYTE / 2);
                    });
        }
    }

    private static void flap(List<FakeAgent> agents, Configuration configuration, int turn) {
        for (int i = 0; i < NODES; i++) {
            int node = i;
            agents.get(i)
                    .sees(
                            configuration,
                            IntStream.range(turn % 2, 20 + turn % 2)
                                    .mapToObj(device -> "n" + node + "-" + device)
                                    .toArray(String[]::new));
        }
    }

    private long size() throws IOException {
        return Files.size(directory.resolve("registry.mv.db"));
    }

    private static List<FakeAgent> agents(RegistryClient client) {
        return IntStream.range(0, NODES)
                .mapToObj(i -> FakeAgent.begin(client, "n" + i))
                .toList();
    }

    private static Configuration configuration(RegistryClient client) {
        ConfigurationSpec spec = ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", "", null), 1);
        return client.configurations()
                .put(ConfigurationKey.PETIOLE, "default", "flapping", new ConfigurationWrite("uid", 1L, spec));
    }
}
