package dev.petiole.discovery.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What every discovery handler owes. A protocol's test class extends this, and gives details that find at
/// least one device in the world its own set-up made.
public abstract class DiscoveryHandlerContract {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    protected abstract DiscoveryHandler handler();

    /// @return details with which at least one device is found
    protected abstract HandlerInput inputThatFindsDevices();

    /// @return details with which the handler runs and finds none
    protected abstract HandlerInput inputThatFindsNothing();

    @Test
    void hasANameAConfigurationCanGive() {
        assertThat(handler().name()).matches("[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?");
    }

    @Test
    void reportsDevicesAfterTheFirstCompleteScan() {
        try (var sightings = new RecordedSightings(handler().prepare(inputThatFindsDevices()))) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sightings.last().devices()).isNotEmpty());

            assertThat(sightings.all().getFirst().devices())
                    .as("a list must not be sent before the scan is complete")
                    .isNotEmpty();
        }
    }

    @Test
    void reportsTheEmptyListWhenThereIsNothing() {
        try (var sightings = new RecordedSightings(handler().prepare(inputThatFindsNothing()))) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sightings.last().devices()).isEmpty());
        }
    }

    /// Identities decide the devices' names: two runs must agree on them.
    @Test
    void findsTheSameIdentitiesAgain() {
        assertThat(identitiesOfOneRun()).isEqualTo(identitiesOfOneRun());
    }

    @Test
    void runsUntilInterrupted() {
        var sightings = new RecordedSightings(handler().prepare(inputThatFindsDevices()));
        await().atMost(PATIENCE).untilAsserted(sightings::last);
        assertThat(sightings.isRunning()).isTrue();

        sightings.close();

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(sightings.isRunning()).isFalse());
        assertThat(sightings.failure()).isNull();
        assertThat(sightings.wasInterrupted()).isTrue();
    }

    @Test
    void refusesAnUnknownFieldByNameAndTellsTheKnownOnes() {
        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> handler().prepare(HandlerInput.of("noSuchField: 1")))
                .withMessageContaining("noSuchField")
                .withMessageContaining("known fields");
    }

    @Test
    void refusesWhatIsNotYaml() {
        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> handler().prepare(HandlerInput.of("{[")))
                .withMessageContaining("discoveryDetails");
    }

    /// Forms are drawn from the schema, and what it does not name is refused when it is written over REST.
    @Test
    void theSchemaNamesTheFieldsThatAreRead() {
        JsonNode schema = new JsonMapper().readTree(handler().detailsSchema().orElseThrow());
        String fields = schema.path("properties").properties().stream()
                .map(Map.Entry::getKey)
                .sorted()
                .collect(Collectors.joining(", "));

        assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> handler().prepare(HandlerInput.of("noSuchField: 1")))
                .withMessageContaining("(known fields: " + fields + ")");
    }

    private List<String> identitiesOfOneRun() {
        try (var sightings = new RecordedSightings(handler().prepare(inputThatFindsDevices()))) {
            await().atMost(PATIENCE).untilAsserted(sightings::last);
            return sightings.all().getFirst().devices().stream()
                    .map(DiscoveredDevice::identity)
                    .sorted()
                    .toList();
        }
    }
}
