package dev.petiole.discovery.debugecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

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
        handler = new DebugEchoHandler(properties, availability);
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
    void wantsDescriptions() {
        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> handler.prepare(HandlerInput.of("")))
                .withMessageStartingWith("discoveryDetails.descriptions: missing");
    }
}
