package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A Configuration is edited while its devices are in use. The peer takes all of them away, and their brokers, for any
/// edit.
@ClusterTest
class LiveEditE2E {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Kubectl kubectl;
    private final String namespace;
    private final Installation installation;
    private final View view;

    LiveEditE2E(Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.kubectl = kubectl;
        this.installation = installation;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
    }

    @AfterEach
    void leaveNothing() {
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
    }

    @Test
    void changedDetailsAndCapacityTakeEffectAndWhatIsStillFoundKeepsItsInstanceAndBroker() {
        new EchoDevices(kubectl, installation).putOnline();
        kubectl.apply(new EchoConfiguration(namespace, "edited", "[stays, goes]", 1).yaml())
                .orThrow();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers("edited")).hasSize(2));
        JsonNode instance = instance("stays");
        JsonNode broker = broker(instance);

        kubectl.apply(new EchoConfiguration(namespace, "edited", "[stays, comes]", 2).yaml())
                .orThrow();

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(descriptions()).containsExactlyInAnyOrder("stays", "comes");
            assertThat(instance("stays").at("/spec/capacity").asInt()).isEqualTo(2);
        });
        assertThat(View.uid(instance("stays"))).isEqualTo(View.uid(instance));
        assertThat(view.brokers("edited").stream().map(View::uid)).contains(View.uid(broker));
    }

    /// No node matches any more, so nobody looks: the devices are gone, and back when one matches again.
    @Test
    void changedNodeSelectorTakesEffect() {
        new EchoDevices(kubectl, installation).putOnline();
        kubectl.apply(new EchoConfiguration(namespace, "selected", "[one]", 1).yaml())
                .orThrow();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.instances("selected")).hasSize(1));

        select("{\"petiole.dev/no-node-has-this\": \"true\"}");
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.instances("selected")).isEmpty();
            assertThat(view.brokers("selected")).isEmpty();
        });

        select("null");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.instances("selected")).hasSize(1));
    }

    private void select(String labels) {
        kubectl.output(
                "patch",
                "configurations.petiole.dev",
                "selected",
                "-n",
                namespace,
                "--type=merge",
                "-p",
                "{\"spec\": {\"nodeSelector\": " + labels + "}}");
    }

    private List<String> descriptions() {
        return view.instances("edited").stream().map(LiveEditE2E::description).toList();
    }

    private JsonNode instance(String description) {
        return view.instances("edited").stream()
                .filter(it -> description(it).equals(description))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode broker(JsonNode instance) {
        return view.brokers("edited").stream()
                .filter(it -> it.at("/metadata/labels/petiole.dev~1instance")
                        .asString("")
                        .equals(View.name(instance)))
                .findFirst()
                .orElseThrow();
    }

    private static String description(JsonNode instance) {
        return instance.at("/spec/brokerProperties/DEBUG_ECHO_DESCRIPTION").asString("");
    }
}
