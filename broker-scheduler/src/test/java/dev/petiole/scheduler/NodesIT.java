package dev.petiole.scheduler;

import static dev.petiole.scheduler.SchedulerStage.eventually;
import static dev.petiole.scheduler.SchedulerStage.throughout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.petiole.api.device.Device.Presence;
import dev.petiole.api.device.Slot;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.testing.FakeNodes;
import dev.petiole.scheduler.testing.RequiresApiServer;
import dev.petiole.scheduler.testing.TestCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of brokers when their nodes come, go and are looked after.
@RequiresApiServer
class NodesIT {

    private SchedulerStage stage;
    private FakeNodes nodes;

    @BeforeEach
    void start() {
        assumeThat(TestCluster.get().fakeNodes()).isNotNull();
        nodes = Objects.requireNonNull(TestCluster.get().fakeNodes());
        stage = new SchedulerStage("nodes-it", "--petiole.nodes.notice-after=2s");
        stage.apply(
                "scales",
                "{discoveryHandler: {name: opcua}, brokerSpec: {brokerPodSpec: {containers: [{name: b, image: \"b:1\"}]}}}");
    }

    @AfterEach
    void stop() {
        if (stage != null) {
            List.of("node1", "node2", "node3").forEach(nodes::add);
            stage.close();
        }
    }

    /// Invariant 3: its silence says nothing of the broker.
    @Test
    void aNodeThatFallsSilentKeepsItsBroker() {
        String node = runOnABroker();
        Set<String> before = stage.uids(stage.core("pods"));

        nodes.setReady(node, false);

        throughout(
                Duration.ofSeconds(3),
                () -> assertThat(stage.uids(stage.core("pods"))).isEqualTo(before));
        eventually(() -> assertThat(Objects.requireNonNull(stage.registry.facts())
                        .nodes()
                        .get(node)
                        .ready())
                .isFalse());
    }

    /// What it holds stays held, and only a person can say that it is gone for good.
    @Test
    void aNodeThatStaysAwayWithSlotsIsToldOfOnce() {
        String node = runOnABroker();
        var slot =
                new Slot(0, node, "nodes-it.petiole.dev/scales-aaaaaaaaaa", "a-0", "nodes-it", "b", "b", Instant.EPOCH);
        stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 1, Map.of(), stage.nodes, List.of(slot));
        String other = stage.nodes.stream()
                .filter(one -> !one.equals(node))
                .findFirst()
                .orElseThrow();

        nodes.setReady(node, false);
        nodes.setReady(other, false);

        eventually(() -> assertThat(notices(node))
                .singleElement()
                .satisfies(message -> assertThat(message)
                        .contains("holds 1 device slot,", "kubectl delete node " + node, "out-of-service")));
        nodes.cordon(node, true);
        throughout(Duration.ofSeconds(3), () -> assertThat(notices(node)).hasSize(1));
        assertThat(notices(other)).isEmpty();
    }

    private List<String> notices(String node) {
        return stage.kubectl.list("/api/v1/namespaces/default/events").stream()
                .filter(event -> Json.text(event, "reason").equals("DeviceSlotsHeld"))
                .filter(event -> Json.text(event, "involvedObject", "name").equals(node))
                .filter(event -> Json.text(event, "involvedObject", "uid")
                        .equals(Json.text(stage.get("/api/v1/nodes/" + node), "metadata", "uid")))
                .map(event -> Json.text(event, "message"))
                .toList();
    }

    @Test
    void aCordonedNodeKeepsItsBrokerAndADrainedOneLosesItToAnother() {
        String node = runOnABroker();
        Set<String> before = stage.uids(stage.core("pods"));
        nodes.cordon(node, true);
        throughout(
                Duration.ofSeconds(2),
                () -> assertThat(stage.uids(stage.core("pods"))).isEqualTo(before));

        stage.names(stage.core("pods")).forEach(pod -> stage.kubectl.delete(stage.core("pods/" + pod)));

        eventually(() -> {
            assertThat(stage.condition("scales", "BrokersReady")).startsWith("True AllReady 1 of 1");
            assertThat(nodeOfBroker()).isNotEqualTo(node);
        });
    }

    /// Renaming one is the same: another node comes.
    @Test
    void aNodeThatIsGoneForEverLosesItsBrokerToAnother() {
        String node = runOnABroker();

        nodes.remove(node);
        List<String> others =
                stage.nodes.stream().filter(one -> !one.equals(node)).toList();
        stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 1, Map.of(), others, List.of());

        eventually(() -> {
            assertThat(Objects.requireNonNull(stage.registry.facts()).nodes()).doesNotContainKey(node);
            assertThat(stage.condition("scales", "BrokersReady")).startsWith("True AllReady 1 of 1");
            assertThat(nodeOfBroker()).isIn(others);
        });
    }

    private String runOnABroker() {
        stage.device("scales", "aaaaaaaaaa", Presence.ONLINE, 1, Map.of());
        stage.awaitBrokers("scales", 1);
        return nodeOfBroker();
    }

    private String nodeOfBroker() {
        return stage.kubectl.list(stage.core("pods")).stream()
                .map(pod -> Json.text(pod, "spec", "nodeName"))
                .findFirst()
                .orElse("");
    }
}
