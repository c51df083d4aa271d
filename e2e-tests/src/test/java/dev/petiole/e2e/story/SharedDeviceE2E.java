package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A device that every node can reach, from its Configuration to its broker and back.
@ClusterTest
class SharedDeviceE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final String namespace;
    private final View view;
    private final EchoDevices devices;

    SharedDeviceE2E(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
        this.devices = new EchoDevices(kubectl, installation);
    }

    @AfterEach
    void leaveNothing() {
        devices.putOnline();
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(view.services()).isEmpty());
    }

    @Test
    void isOneInstanceWithAllItsNodesAndAtCapacityOneHasOneBroker() {
        apply(new EchoConfiguration(namespace, "one", "[foo0]", 1));
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.readyBrokers("one")).hasSize(1);
            assertThat(strings(view.onlyInstance("one").at("/spec/nodes"))).isEqualTo(cluster.nodes());
        });

        JsonNode instance = view.onlyInstance("one");
        assertThat(instance.at("/spec/shared").asBoolean()).isTrue();
        assertThat(view.brokers("one")).hasSize(1);
        await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode status = view.onlyInstance("one").path("status");
            assertThat(status.path("presence").asString("")).isEqualTo("Online");
            assertThat(status.at("/slots/0/pod").asString(""))
                    .isEqualTo(View.name(view.brokers("one").getFirst()));
        });
    }

    @Test
    void givesItsBrokerItsPropertiesAsEnvironment() {
        apply(new EchoConfiguration(namespace, "env", "[foo0]", 1));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers("env")).hasSize(1));

        String device = View.name(view.onlyInstance("env"));
        String hash = device.substring(device.lastIndexOf('-') + 1).toUpperCase(Locale.ROOT);
        List<String> environment = view.run(View.name(view.brokers("env").getFirst()), "env")
                .lines()
                .toList();
        assertThat(environment)
                .contains(
                        "DEBUG_ECHO_DESCRIPTION=foo0",
                        "DEBUG_ECHO_DESCRIPTION_" + hash + "=foo0",
                        "RESOLUTION_WIDTH=800",
                        "RESOLUTION_WIDTH_" + hash + "=800");
    }

    @Test
    void hasABrokerPerNodeUpToItsCapacityAndAServiceOverThem() {
        apply(new EchoConfiguration(namespace, "two", "[foo0, foo1]", 2));
        int brokers = 2 * Math.min(2, cluster.nodes().size());
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers("two")).hasSize(brokers));

        List<String> names = view.instances("two").stream().map(View::name).toList();
        assertThat(names).hasSize(2);
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.services()).contains("two-svc", names.get(0) + "-svc", names.get(1) + "-svc");
            assertThat(view.endpoints("two-svc")).isEqualTo(brokers);
            assertThat(view.endpoints(names.get(0) + "-svc")).isEqualTo(brokers / 2);
        });
    }

    @Test
    void goesWhenItIsOfflineForTheGracePeriodAndComesBack() {
        apply(new EchoConfiguration(namespace, "flip", "[foo0]", 1));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers("flip")).hasSize(1));
        String device = View.name(view.onlyInstance("flip"));
        assertThat(view.allocatable()).containsKey(namespace + ".petiole.dev/" + device);

        devices.putOffline();
        await().atMost(LIMIT).untilAsserted(this::nothingIsLeft);

        devices.putOnline();
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(View.name(view.onlyInstance("flip"))).isEqualTo(device);
            assertThat(view.readyBrokers("flip")).hasSize(1);
            assertThat(view.services()).containsExactlyInAnyOrder("flip-svc", device + "-svc");
        });
    }

    @Test
    void leavesNothingWhenItsConfigurationIsDeleted() {
        apply(new EchoConfiguration(namespace, "gone", "[foo0, foo1]", 1));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers("gone")).hasSize(2));

        kubectl.output("delete", "configurations.petiole.dev", "gone", "-n", namespace, "--timeout=60s");
        await().atMost(LIMIT).untilAsserted(this::nothingIsLeft);
    }

    private void nothingIsLeft() {
        assertThat(kubectl.names("instances.petiole.dev", "-n", namespace)).isEmpty();
        assertThat(kubectl.names("pods", "-n", namespace)).isEmpty();
        assertThat(view.services()).isEmpty();
        assertThat(view.allocatable()).isEmpty();
    }

    private void apply(EchoConfiguration configuration) {
        kubectl.apply(configuration.yaml()).orThrow();
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }
}
