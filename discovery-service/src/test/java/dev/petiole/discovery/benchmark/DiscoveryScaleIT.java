package dev.petiole.discovery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.discovery.testing.FakeKubelet;
import dev.petiole.discovery.testing.ScriptedRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node with far more than it should have, in the JVM that the image has: 100 Configurations, 1,000 devices, a
/// tenth of which flap, fail or are slow.
class DiscoveryScaleIT {

    private static final int CONFIGURATIONS = 100;
    private static final int DEVICES_EACH = 10;
    private static final int FAILING = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    // As the image's in its container of 256 MiB.
    private static final List<String> FLAGS = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=32m",
            "-Xss256k",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xms8m",
            "-Xmx64m",
            "--enable-native-access=ALL-UNNAMED");

    @TempDir
    private Path directory;

    @Test
    void thousandDevicesOfAHundredConfigurationsStayWithinBounds() throws Exception {
        try (var registry = new ScriptedRegistry();
                var kubelet = new FakeKubelet(Files.createTempDirectory("k"))) {
            kubelet.start();
            try (var service = ServiceProcess.start(ServiceProcess.extract(directory), FLAGS, registry, kubelet)) {
                for (int i = 0; i < CONFIGURATIONS; i++) {
                    configure(registry, i);
                }
                int steady = (CONFIGURATIONS - 2 * FAILING) * DEVICES_EACH;
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(200))
                        .until(() -> registry.devices().size() >= steady);

                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(service.get("/actuator/prometheus"))
                                .containsPattern("petiole_discovery_restarts_total\\{[^}]*c99[^}]*} [1-9]"));
                ServiceProcess.Footprint footprint = service.footprint();
                System.out.printf(
                        "%d Configurations, %d devices: %d MiB resident, %d threads%n",
                        CONFIGURATIONS, registry.devices().size(), footprint.resident() / 1024, footprint.threads());
                // Platform threads don't grow with Configurations or devices, nor does memory beyond its limits.
                assertThat(footprint.threads()).isLessThan(80);
                assertThat(footprint.resident()).isLessThan(256 * 1024);
                assertThat(service.get("/actuator/health/readiness")).contains("UP");
            }
        }
    }

    /// The last ones fail again and again, those before them flap.
    private static void configure(ScriptedRegistry registry, int number) {
        String devices = IntStream.range(0, DEVICES_EACH)
                .mapToObj(i -> "d" + number + "-" + i)
                .collect(Collectors.joining(", ", "descriptions: [", "]"));
        String script = "";
        if (number >= CONFIGURATIONS - FAILING) {
            script = ", failAfter: 100ms";
        } else if (number >= CONFIGURATIONS - 2 * FAILING) {
            script = ", flap: 500ms";
        }
        registry.putConfiguration(
                ConfigurationKey.of("scale", "c" + number),
                "uid-" + number,
                1,
                new ConfigurationSpec(
                        new DiscoveryHandlerSpec("debugEcho", "{" + devices + script + "}", null),
                        1,
                        null,
                        null,
                        null,
                        Map.of(),
                        null,
                        null,
                        null,
                        null));
    }
}
