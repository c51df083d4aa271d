package dev.petiole.registry.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.agent.LeaseRequest;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.RunningRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class LeasesIT {

    @TempDir
    private Path directory;

    /// Whatever the number of its devices: the request does not name them, and nothing of it is logged.
    @Test
    void aNodeWithNothingNewCostsOneSmallRequestPerInterval() {
        try (var registry = RunningRegistry.start(directory)) {
            RegistryClient client = registry.client();
            Configuration configuration = client.configurations()
                    .put(
                            ConfigurationKey.PETIOLE,
                            "default",
                            "scales",
                            new ConfigurationWrite(
                                    "uid",
                                    1L,
                                    ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", "", null), 1)));
            FakeAgent agent = FakeAgent.begin(client, "n1");
            String[] identities =
                    IntStream.range(0, 2_000).mapToObj(i -> "device-" + i).toArray(String[]::new);
            agent.sees(configuration, identities);
            String before = resourceVersion(client);

            for (int i = 0; i < 20; i++) {
                agent.renew();
            }
            // Saying the same again, late or twice, changes nothing either.
            agent.sees(configuration, identities);

            assertThat(resourceVersion(client)).isEqualTo(before);
            assertThat(JsonMapper.builder().build().writeValueAsString(new LeaseRequest(agent.session(), List.of())))
                    .hasSizeLessThan(200);
        }
    }

    private static String resourceVersion(RegistryClient client) {
        return client.devices().list(null, null, null, null, 1, null).resourceVersion();
    }
}
