package dev.petiole.discovery.debugecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.petiole.discovery.NodeProperties;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.DiscoveryHandlerContract;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.InvalidDetails;
import dev.petiole.discovery.handler.RecordedSightings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebugEchoHandlerTests extends DiscoveryHandlerContract {

    @TempDir
    private Path directory;

    private Path file;
    private AvailabilityFile availability;
    private DebugEchoHandler handler;

    @BeforeEach
    void setUp() {
        file = directory.resolve("availability.txt");
        var properties = new DebugEchoProperties(true, true, file);
        availability = new AvailabilityFile(properties);
        handler = new DebugEchoHandler(properties, new NodeProperties("node1", directory), availability);
    }

    @AfterEach
    void tearDown() throws IOException {
        availability.destroy();
    }

    @Override
    protected DiscoveryHandler handler() {
        return handler;
    }

    @Override
    protected HandlerInput inputThatFindsDevices() {
        return HandlerInput.of("descriptions: [foo0, foo1]");
    }

    @Override
    protected HandlerInput inputThatFindsNothing() {
        return HandlerInput.of("descriptions: []");
    }

    @Test
    void reportsADevicePerDescription() {
        try (var sightings = new RecordedSightings(handler.prepare(inputThatFindsDevices()))) {
            await().untilAsserted(() -> assertThat(sightings.last().devices())
                    .containsExactly(
                            DiscoveredDevice.of("foo0", Map.of("DEBUG_ECHO_DESCRIPTION", "foo0")),
                            DiscoveredDevice.of("foo1", Map.of("DEBUG_ECHO_DESCRIPTION", "foo1"))));
        }
    }

    @Test
    void theFileTakesAllDevicesAwayAndGivesThemBackAtOnce() throws IOException {
        try (var sightings = new RecordedSightings(handler.prepare(inputThatFindsDevices()))) {
            await().untilAsserted(() -> assertThat(sightings.last().devices()).hasSize(2));

            Files.writeString(file, "OFFLINE\n");
            await().atMost(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(sightings.last().devices()).isEmpty());

            Files.delete(file);
            await().atMost(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(sightings.last().devices()).hasSize(2));
        }
    }

    @Test
    void devicesFlapAsScripted() {
        try (var sightings =
                new RecordedSightings(handler.prepare(HandlerInput.of("{descriptions: [a], flap: 100ms}")))) {
            await().untilAsserted(() -> assertThat(sightings.all()).hasSizeGreaterThan(5));
            assertThat(sightings.all().subList(0, 4))
                    .extracting(sighting -> sighting.devices().size())
                    .containsExactly(1, 0, 1, 0);
        }
    }

    @Test
    void slowDevicesTakeTheirTimeAndFailingOnesEndTheRun() {
        long begun = System.nanoTime();
        try (var sightings = new RecordedSightings(
                handler.prepare(HandlerInput.of("{descriptions: [a], slow: 300ms, failAfter: 600ms}")))) {
            await().untilAsserted(() -> assertThat(sightings.all()).isNotEmpty());
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(300));
            await().untilAsserted(
                            () -> assertThat(sightings.failure()).hasMessageContaining("discoveryDetails.failAfter"));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(600));
        }
    }

    @Test
    void devicesAreThereOnTheNamedNodesAlone() {
        try (var here = new RecordedSightings(handler.prepare(HandlerInput.of("{descriptions: [a], nodes: [node1]}")));
                var elsewhere = new RecordedSightings(
                        handler.prepare(HandlerInput.of("{descriptions: [a], nodes: [node2]}")))) {
            await().untilAsserted(() -> assertThat(here.last().devices()).hasSize(1));
            await().untilAsserted(() -> assertThat(elsewhere.last().devices()).isEmpty());
        }
    }

    @Test
    void badTimesAreNamed() {
        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> handler.prepare(HandlerInput.of("{descriptions: [a], flap: 1ms}")))
                .withMessageContaining("discoveryDetails.flap: '1ms'");
    }

    @Test
    void wantsDescriptions() {
        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> handler.prepare(HandlerInput.of("")))
                .withMessageStartingWith("discoveryDetails.descriptions: missing");
    }
}
