package dev.petiole.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.registry.testing.EventLog;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.RunningRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Prometheus gets to see.
class MetricsIT {

    private static final Path GUIDE = Path.of("..", "docs", "operating.md");
    private static final Pattern NAME = Pattern.compile("(?m)^(petiole_registry_\\w+?)(_count|_sum|_max|_bucket)?[{ ]");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(petiole_registry_\\w+)` \\|");

    @TempDir
    private Path directory;

    @Test
    void whatIsServedCountsWhatHappensAndIsWhatTheGuideLists() throws Exception {
        try (RunningRegistry registry = RunningRegistry.start(directory);
                EventLog stream = EventLog.open(registry.uri().resolve("/api/v1/devices"), null)) {
            stream.next(1);
            Configuration configuration = put(registry.client());
            FakeAgent agent = FakeAgent.begin(registry.client(), "n1");
            agent.sees(configuration, "scale-1", "scale-2");
            stream.next(2);
            Device device = registry.client()
                    .devices()
                    .list(null, null, null, null, null, null)
                    .items()
                    .getFirst();
            agent.claim(device, "id-1");
            assertThatExceptionOfType(RegistryProblem.class).isThrownBy(() -> agent.claim(device, "id-2"));

            String metrics = scrape(registry);
            assertThat(metrics)
                    .contains(
                            "petiole_registry_devices{configuration=\"petiole.dev/default/scales\",presence=\"Online\"} 2.0")
                    .contains("petiole_registry_nodes{lease=\"Active\"} 1.0")
                    .contains("petiole_registry_observations_total{outcome=\"applied\"} 1.0")
                    .contains("petiole_registry_claims_total{outcome=\"granted\"} 1.0")
                    .contains("petiole_registry_claims_total{outcome=\"no-free-slot\"} 1.0")
                    .contains("petiole_registry_watchers{kind=\"device\"} 1.0")
                    .containsPattern("petiole_registry_watch_events_total\\{kind=\"device\"} [2-9]")
                    .containsPattern("petiole_registry_log_entries [1-9]")
                    .containsPattern("petiole_registry_write_seconds_count [1-9]");
            assertThat(names(NAME, metrics)).isEqualTo(names(DOCUMENTED, Files.readString(GUIDE)));

            stream.close();
            put(registry.client(), "another");
            agent.sees(configuration, "scale-3");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(scrape(registry))
                            .contains("petiole_registry_watchers{kind=\"device\"} 0.0")
                            .contains(
                                    "petiole_registry_watch_ends_total{kind=\"device\",reason=\"disconnected\"} 1.0"));
        }
    }

    private static Set<String> names(Pattern pattern, String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private static String scrape(RunningRegistry registry) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            registry.managementUri().resolve("/actuator/prometheus"))
                    .build();
            return http.send(request, BodyHandlers.ofString()).body();
        }
    }

    private static Configuration put(RegistryClient client) {
        return put(client, "scales");
    }

    private static Configuration put(RegistryClient client, String name) {
        ConfigurationSpec spec = ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", "", null), 1);
        return client.configurations()
                .put(ConfigurationKey.PETIOLE, "default", name, new ConfigurationWrite("uid-" + name, 1L, spec));
    }
}
