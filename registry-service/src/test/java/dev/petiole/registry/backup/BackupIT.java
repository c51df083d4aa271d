package dev.petiole.registry.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Slot;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.registry.testing.EventLog;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.RunningRegistry;
import dev.petiole.registry.testing.TestDatabases;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A backup is one state of the registry, and a registry that was restored from it knows that it does not know what
/// happened since.
class BackupIT {

    @TempDir
    private Path directory;

    @Test
    void aRestoredRegistryIsTheOneThatWasBackedUpInANewEpoch() throws Exception {
        FakeAgent agent;
        String before;
        try (var registry = RunningRegistry.start(directory)) {
            RegistryClient client = registry.client();
            Configuration configuration = put(client);
            agent = FakeAgent.begin(client, "n1");
            agent.sees(configuration, "a");
            agent.claim(devices(client).getFirst(), "id-1");
            if (!TestDatabases.isPostgresql()) {
                download(registry.managementUri().resolve("/actuator/backup"), directory.resolve("downloaded.zip"));
            }
        }
        if (TestDatabases.isPostgresql()) {
            TestDatabases.backUp(directory);
        }
        try (var registry = RunningRegistry.start(directory)) {
            RegistryClient client = registry.client();
            agent.at(client).sees(put(client), "a", "later");
            before = client.devices().list(null, null, null, null, null, null).resourceVersion();
        }

        if (TestDatabases.isPostgresql()) {
            TestDatabases.restore(directory);
        } else {
            Files.move(directory.resolve("downloaded.zip"), directory.resolve("restore.zip"));
        }

        for (int start = 0; start < 2; start++) {
            try (var registry = RunningRegistry.start(directory)) {
                RegistryClient client = registry.client();
                assertThat(devices(client)).extracting(Device::identity).containsExactly("a");
                assertThat(devices(client).getFirst().slots())
                        .extracting(Slot::kubeletDeviceId)
                        .containsExactly("id-1");
                try (EventLog stream = EventLog.open(registry.uri().resolve("/api/v1/devices"), before)) {
                    assertThat(stream.status()).isEqualTo(410);
                }
                FakeAgent old = agent.at(client);
                assertThatExceptionOfType(RegistryProblem.class)
                        .isThrownBy(old::renew)
                        .matches(problem -> problem.type().equals("session-replaced"));
            }
        }
    }

    private static List<Device> devices(RegistryClient client) {
        return client.devices().list(null, null, null, null, null, null).items();
    }

    private static void download(URI uri, Path file) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<Path> response =
                    http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofFile(file));
            assertThat(response.statusCode()).isEqualTo(200);
        }
    }

    private static Configuration put(RegistryClient client) {
        ConfigurationSpec spec = ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", "", null), 1);
        return client.configurations()
                .put(ConfigurationKey.PETIOLE, "default", "scales", new ConfigurationWrite("uid", 1L, spec));
    }
}
