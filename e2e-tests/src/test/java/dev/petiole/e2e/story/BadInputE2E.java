package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import dev.petiole.e2e.process.Result;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Each mistake is told where its author looks, in words that name the field, and hurts nobody else.
@ClusterTest
class BadInputE2E {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Kubectl kubectl;
    private final String namespace;
    private final View view;

    /// @param installation must be there, though nothing is asked of it
    BadInputE2E(Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.kubectl = kubectl;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
    }

    @AfterEach
    void deleteAll() {
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
    }

    @Test
    void anUnknownHandlerIsACondition() {
        Result applied = kubectl.apply(configuration("unknown", "zigbee", "{}"));

        assertThat(applied.isSuccess()).as(applied.error()).isTrue();
        assertThat(applied.error()).contains("Warning").contains("zigbee");

        JsonNode condition = awaitDiscoveryProblem("unknown", "HandlerNotFound");
        assertThat(condition.path("message").asString("")).contains("zigbee").contains("debugEcho", "opcua", "udev");
    }

    /// By the registry, which the API server asks: it knows the handler's schema.
    @Test
    void detailsThatTheHandlersSchemaDoesNotAllowAreRefused() {
        Result unreadable = kubectl.apply(configuration("unreadable", "debugEcho", "descriptions: {no: list"));
        Result unknown = kubectl.apply(configuration("unknown-field", "debugEcho", "description: [a]"));

        assertThat(unreadable.isSuccess()).isFalse();
        assertThat(unreadable.error()).contains("spec.discoveryHandler.discoveryDetails must be YAML");
        assertThat(unknown.isSuccess()).isFalse();
        assertThat(unknown.error())
                .contains("spec.discoveryHandler.discoveryDetails.description is unknown")
                .contains("descriptions");
    }

    /// What only the handler itself can tell.
    @Test
    void detailsThatTheHandlerCannotUseAreACondition() {
        kubectl.apply(configuration("unfit", "udev", "udevRules: ['KERNEL=\"x\"']"))
                .orThrow();

        JsonNode condition = awaitDiscoveryProblem("unfit", "InvalidDetails");
        assertThat(condition.path("message").asString("")).contains("KERNEL");
    }

    @Test
    void aCapacityOfZeroIsRefused() {
        Result refused = kubectl.apply(configuration("none", "debugEcho", "descriptions: [a]") + "  capacity: 0\n");

        assertThat(refused.isSuccess()).isFalse();
        assertThat(refused.error()).contains("capacity").contains("1");
    }

    @Test
    void aBrokerWithoutAnImageIsRefused() {
        Result refused = kubectl.apply(configuration("imageless", "debugEcho", "descriptions: [a]") + """
                  brokerSpec: {brokerPodSpec: {containers: [{name: broker}]}}
                """);

        assertThat(refused.isSuccess()).isFalse();
        assertThat(refused.error()).contains("brokerPodSpec").contains("image");
    }

    /// Invariant 6: a fault stays where it is.
    @Test
    void anAddressThatAnswersNothingIsAConditionAndHurtsNobodyElse() {
        kubectl.apply(configuration("silent", "opcua", """
                opcuaDiscoveryMethod: {standard: {discoveryUrls: ["opc.tcp://127.0.0.1:9/"]}}""")).orThrow();
        kubectl.apply(new EchoConfiguration(namespace, "good", "[foo0]", 1).yaml())
                .orThrow();

        JsonNode condition = awaitDiscoveryProblem("silent", "EndpointUnreachable");
        assertThat(condition.path("message").asString("")).contains("opc.tcp://127.0.0.1:9/");
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.readyBrokers("good")).hasSize(1);
            assertThat(view.condition("good", "Discovering").path("status").asString(""))
                    .isEqualTo("True");
            assertThat(view.condition("good", "BrokersReady").path("status").asString(""))
                    .isEqualTo("True");
        });
    }

    private JsonNode awaitDiscoveryProblem(String configuration, String reason) {
        await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode condition = view.condition(configuration, "Discovering");
            assertThat(condition.path("status").asString("")).isEqualTo("False");
            assertThat(condition.path("reason").asString("")).isEqualTo(reason);
        });
        return view.condition(configuration, "Discovering");
    }

    private String configuration(String name, String handler, String details) {
        return """
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: %s, namespace: %s}
                spec:
                  discoveryHandler:
                    name: %s
                    discoveryDetails: |
                %s
                """.formatted(name, namespace, handler, details.indent(6).stripTrailing());
    }
}
