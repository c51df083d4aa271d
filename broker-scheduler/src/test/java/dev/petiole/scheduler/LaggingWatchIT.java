package dev.petiole.scheduler;

import static dev.petiole.scheduler.SchedulerStage.eventually;
import static dev.petiole.scheduler.SchedulerStage.throughout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.scheduler.testing.RequiresApiServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is heard of Configurations and what is heard of devices comes by two watches, of which one may be behind. After
/// a registry has lost its database, a record that so far names one of a device's nodes was taken for the whole truth,
/// and cost the broker on the other its life.
@RequiresApiServer
class LaggingWatchIT {

    private SchedulerStage stage;
    private Set<String> before;

    @BeforeEach
    void runABrokerOnEveryNode() {
        stage = new SchedulerStage("lagging-watch-it");
        stage.apply(
                "scales",
                "{discoveryHandler: {name: opcua}, capacity: 3, "
                        + "brokerSpec: {brokerPodSpec: {containers: [{name: b, image: \"b:1\"}]}}}");
        stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 3, Map.of());
        stage.awaitBrokers("scales", stage.nodes.size());
        before = stage.uids(stage.core("pods"), stage.petiole("instances"));
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    @Test
    void aRecordThatIsBehindTheRegistryTakesNoBrokerAway() {
        Device whole = Objects.requireNonNull(stage.registry.findDevice("scales-aaaaaaaaaa"));

        stage.registry.tellLate(seenBy(whole, stage.nodes.subList(0, 1)));

        throughout(
                Duration.ofSeconds(3),
                () -> assertThat(stage.uids(stage.core("pods"), stage.petiole("instances")))
                        .isEqualTo(before));
        stage.registry.put(whole);
        stage.awaitBrokers("scales", stage.nodes.size());
        assertThat(stage.uids(stage.core("pods"), stage.petiole("instances"))).isEqualTo(before);
    }

    /// The control: what the registry itself says is done.
    @Test
    void aNodeThatTheRegistryItselfDoesNotNameLosesItsBroker() {
        Device whole = Objects.requireNonNull(stage.registry.findDevice("scales-aaaaaaaaaa"));

        stage.registry.put(seenBy(whole, stage.nodes.subList(0, 1)));

        eventually(() -> assertThat(stage.names(stage.core("pods"))).hasSize(1));
        stage.awaitBrokers("scales", 1);
    }

    private static Device seenBy(Device device, List<String> nodes) {
        return new Device(
                device.name(),
                device.configuration(),
                device.configurationUid(),
                device.handler(),
                device.identity(),
                device.shared(),
                device.capacity(),
                device.labels(),
                device.properties(),
                device.admission(),
                device.decision(),
                device.presence(),
                device.presenceSince(),
                device.nodes().stream()
                        .filter(entry -> nodes.contains(entry.node()))
                        .toList(),
                device.slots(),
                device.resourceVersion());
    }
}
