package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.cluster.Repository;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A discovery handler in Pods of its own, in another language, run as Akri's charts run theirs.
@ClusterTest
class ExternalHandlerE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final Installation installation;
    private final String namespace;
    private final View view;

    ExternalHandlerE2E(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.installation = installation;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
    }

    @AfterEach
    void leaveNothing() {
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
        kubectl.output("delete", "daemonset", "tcp-handler", "-n", namespace, "--ignore-not-found", "--timeout=60s");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(view.services()).isEmpty());
    }

    @Test
    void findsADeviceAndTakesNothingAlongWhenItGoes() throws Exception {
        cluster.load(List.of(GoHandlerImage.build()));
        kubectl.apply(configuration()).orThrow();
        await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode discovering = view.condition("doors", "Discovering");
            assertThat(discovering.path("reason").asString("")).isEqualTo("HandlerNotFound");
        });

        kubectl.output("apply", "-n", namespace, "-f", manifest());

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers("doors")).hasSize(1));
        JsonNode instance = view.onlyInstance("doors");
        JsonNode broker = view.brokers("doors").getFirst();
        assertThat(view.run(View.name(broker), "env").lines()).contains("TCP_ADDRESS=" + door());
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(
                                view.onlyInstance("doors").at("/spec/nodes").size())
                        .isEqualTo(cluster.nodes().size()));

        kubectl.output("delete", "daemonset", "tcp-handler", "-n", namespace, "--timeout=60s");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.condition("doors", "Discovering")
                                .path("reason")
                                .asString(""))
                        .isEqualTo("HandlerUnreachable"));
        // Longer than the grace period.
        await().during(Duration.ofSeconds(8))
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertStays(instance, broker));

        kubectl.output("apply", "-n", namespace, "-f", manifest());
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.condition("doors", "Discovering")
                                .path("status")
                                .asString(""))
                        .isEqualTo("True"));
        assertStays(instance, broker);
    }

    private void assertStays(JsonNode instance, JsonNode broker) {
        assertThat(View.uid(view.onlyInstance("doors"))).isEqualTo(View.uid(instance));
        assertThat(view.onlyInstance("doors").at("/status/presence").asString(""))
                .isEqualTo("Online");
        assertThat(view.readyBrokers("doors"))
                .singleElement()
                .satisfies(pod -> assertThat(View.uid(pod)).isEqualTo(View.uid(broker)));
    }

    private static String manifest() {
        return Repository.find().path("samples", "go-handler", "daemonset.yaml").toString();
    }

    /// A port that answers on every node.
    private String door() {
        return "petiole-registry-service." + installation.namespace() + ".svc:8080";
    }

    private String configuration() {
        return """
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: doors, namespace: %s}
                spec:
                  discoveryHandler:
                    name: tcp
                    discoveryDetails: |
                      addresses: ["%s"]
                      everySeconds: 1
                  gracePeriod: 2s
                  brokerSpec:
                    brokerPodSpec:
                      terminationGracePeriodSeconds: 0
                      containers:
                      - name: broker
                        image: docker.io/library/busybox:1
                        imagePullPolicy: IfNotPresent
                        command: [sh, -c, "trap exit TERM; while :; do sleep 1; done"]
                        resources:
                          requests: {"{{PLACEHOLDER}}": "1"}
                          limits: {"{{PLACEHOLDER}}": "1"}
                """.formatted(namespace, door());
    }
}
