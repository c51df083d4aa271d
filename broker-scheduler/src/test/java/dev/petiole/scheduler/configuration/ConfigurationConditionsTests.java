package dev.petiole.scheduler.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.Configuration.ManagedBy;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationStatus;
import dev.petiole.api.configuration.ConfigurationStatus.DeviceCounts;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.scheduler.condition.Condition;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationConditionsTests {

    private static final NodeDiscovery RUNNING = node("node1", DiscoveryState.RUNNING, null, null, 2);

    record Row(String name, List<NodeDiscovery> nodes, String condition, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> rows() {
        return List.of(
                new Row("all run", List.of(RUNNING, at("node2")), "True Running", "2 nodes look for the devices."),
                new Row("one runs", List.of(RUNNING), "True Running", "1 node looks for the devices."),
                new Row("nobody is asked", List.of(), "False NoNode", "No node looks for the devices"),
                new Row(
                        "one has not answered for this generation",
                        List.of(RUNNING, node("node2", DiscoveryState.RUNNING, null, null, 1)),
                        "False AwaitingNodes",
                        "1 of 2 nodes have answered."),
                new Row(
                        "the handler is unknown",
                        List.of(waiting("node1"), waiting("node2")),
                        "False HandlerNotFound",
                        "No handler foo. (node1, node2)"),
                new Row(
                        "the details are invalid",
                        List.of(node("node1", DiscoveryState.FAILED, "InvalidDetails", "Line 3: no.", 2), RUNNING),
                        "False InvalidDetails",
                        "Line 3: no. (node1)"),
                new Row(
                        "an endpoint does not answer",
                        List.of(node("node1", DiscoveryState.DEGRADED, "EndpointUnreachable", "opc.tcp://x", 2)),
                        "False EndpointUnreachable",
                        "opc.tcp://x (node1)"),
                new Row(
                        "the worst reason wins and all messages are told",
                        List.of(
                                node("node1", DiscoveryState.DEGRADED, "EndpointUnreachable", "b", 2),
                                node("node2", DiscoveryState.FAILED, "InvalidDetails", "a", 2)),
                        "False InvalidDetails",
                        "a (node2); b (node1)"),
                new Row(
                        "trouble without words",
                        List.of(node("node1", DiscoveryState.FAILED, null, null, 2)),
                        "False DiscoveryTroubled",
                        "DiscoveryTroubled (node1)"),
                new Row(
                        "many nodes are not all named",
                        List.of(
                                waiting("n1"),
                                waiting("n2"),
                                waiting("n3"),
                                waiting("n4"),
                                waiting("n5"),
                                waiting("n6"),
                                waiting("n7")),
                        "False HandlerNotFound",
                        "No handler foo. (n1, n2, n3, n4, n5 and 2 more nodes)"),
                new Row(
                        "trouble of an older generation is no news",
                        List.of(node("node1", DiscoveryState.FAILED, "InvalidDetails", "old", 1)),
                        "False AwaitingNodes",
                        "0 of 1 nodes have answered."));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void discoveringTellsTheWorstOfAllNodes(Row row) {
        Condition condition = ConfigurationConditions.discovering(Optional.of(known(row.nodes())), 2);

        assertThat(condition.status() + " " + condition.reason()).isEqualTo(row.condition());
        assertThat(condition.message()).startsWith(row.message());
    }

    @Test
    void discoveringIsUnknownBeforeTheRegistryHasTheConfiguration() {
        Condition condition = ConfigurationConditions.discovering(Optional.empty(), 2);

        assertThat(condition.status()).isEqualTo(Condition.Status.UNKNOWN);
        assertThat(condition.reason()).isEqualTo("Pending");
    }

    @Test
    void acceptedTellsTheRegistrysOwnWords() {
        Condition refused = ConfigurationConditions.accepted(new Verdict.Refused("capacity must be …"));
        Condition unasked = ConfigurationConditions.accepted(new Verdict.Unasked("away"));

        assertThat(refused.status()).isEqualTo(Condition.Status.FALSE);
        assertThat(refused.reason()).isEqualTo("Refused");
        assertThat(refused.message()).isEqualTo("capacity must be …");
        assertThat(unasked.status()).isEqualTo(Condition.Status.UNKNOWN);
        assertThat(ConfigurationConditions.accepted(new Verdict.Accepted()).isTrue())
                .isTrue();
    }

    private static NodeDiscovery at(String node) {
        return node(node, DiscoveryState.RUNNING, null, null, 2);
    }

    private static NodeDiscovery waiting(String node) {
        return node(node, DiscoveryState.WAITING, "HandlerNotFound", "No handler foo.", 2);
    }

    private static NodeDiscovery node(
            String node, DiscoveryState state, @Nullable String reason, @Nullable String message, long generation) {
        return new NodeDiscovery(node, state, reason, message, generation, 0);
    }

    private static Configuration known(List<NodeDiscovery> nodes) {
        return new Configuration(
                ConfigurationKey.of("shop", "scales"),
                "uid",
                2,
                ManagedBy.KUBERNETES,
                ConfigurationSpec.of(new DiscoveryHandlerSpec("opcua", null, null), 1),
                new ConfigurationStatus(nodes, DeviceCounts.NONE),
                "1");
    }
}
