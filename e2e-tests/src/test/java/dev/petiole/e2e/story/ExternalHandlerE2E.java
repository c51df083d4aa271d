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
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/// A discovery handler in Pods of its own, in another language, run as Akri's charts run theirs.
@ClusterTest
@TestMethodOrder(OrderAnnotation.class)
class ExternalHandlerE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    // They answer on every node, too.
    private static final String OTHER_DOOR = "kubernetes.default.svc:443";
    private static final String THIRD_DOOR = "kube-dns.kube-system.svc:53";

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

    @BeforeEach
    void load() throws Exception {
        cluster.load(List.of(GoHandlerImage.build()));
    }

    @AfterEach
    void leaveNothing() {
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
        kubectl.output("delete", "daemonset", "tcp-handler", "-n", namespace, "--ignore-not-found", "--timeout=60s");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(view.services()).isEmpty());
    }

    // The nodes remember a handler that has registered once, so this goes first.
    @Test
    @Order(1)
    void findsADeviceAndTakesNothingAlongWhenItGoes() {
        kubectl.apply(configuration("")).orThrow();
        awaitReason("HandlerNotFound");

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
        awaitReason("HandlerUnreachable");
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

    @Test
    void isAskedAgainOnceASecretHasAnotherValue() {
        kubectl.output("apply", "-n", namespace, "-f", manifest());
        kubectl.output(
                "create", "secret", "generic", "private", "-n", namespace, "--from-literal=addresses=" + OTHER_DOOR);
        kubectl.output(words("create role read-private --verb=get,watch --resource=secrets --resource-name=private"));
        kubectl.output(words("create rolebinding read-private --role=read-private --serviceaccount="
                + installation.namespace() + ":petiole-discovery-service"));

        kubectl.apply(configuration("{name: addresses, valueFrom: {secretKeyRef: {name: private, key: addresses}}}"))
                .orThrow();

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(doors().keySet()).containsExactlyInAnyOrder(door(), OTHER_DOOR));
        JsonNode instance = doors().get(door());
        List<String> handlers = handlers();

        kubectl.output(words("patch secret private -p {\"stringData\":{\"addresses\":\"" + THIRD_DOOR + "\"}}"));

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(doors().keySet()).containsExactlyInAnyOrder(door(), THIRD_DOOR));
        assertThat(View.uid(doors().get(door()))).isEqualTo(View.uid(instance));
        assertThat(handlers()).isEqualTo(handlers);
    }

    @Test
    void mayOnlyBeReachedOverAnAllowedNetwork() {
        kubectl.apply(configuration("")).orThrow();
        kubectl.apply(kubectl.output(words("patch --local -o yaml -f " + manifest() + " -p " + overTheNetwork())))
                .orThrow();

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(
                                kubectl.run(words("logs -l app=tcp-handler")).output())
                        .contains("is in no allowed network")
                        .contains("discovery.externalHandlers.allowedNetworks"));
        assertThat(doors()).isEmpty();

        Map<String, String> allowed = allowTheHandlersAddresses();
        try {
            installation.upgrade(allowed);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(view.readyBrokers("doors")).hasSize(1));
            assertThat(doors().keySet()).containsExactly(door());
        } finally {
            installation.reset(allowed.keySet());
        }
    }

    private void awaitReason(String reason) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.discoveringReason("doors")).isEqualTo(reason));
    }

    private void assertStays(JsonNode instance, JsonNode broker) {
        assertThat(View.uid(view.onlyInstance("doors"))).isEqualTo(View.uid(instance));
        assertThat(view.onlyInstance("doors").at("/status/presence").asString(""))
                .isEqualTo("Online");
        assertThat(view.readyBrokers("doors"))
                .singleElement()
                .satisfies(pod -> assertThat(View.uid(pod)).isEqualTo(View.uid(broker)));
    }

    /// The Instances by the address that the handler found.
    private Map<String, JsonNode> doors() {
        var doors = new TreeMap<String, JsonNode>();
        view.instances("doors")
                .forEach(door ->
                        doors.put(door.at("/spec/brokerProperties/TCP_ADDRESS").asString(""), door));
        return doors;
    }

    private List<String> handlers() {
        return kubectl.list("pods", "-n", namespace, "-l", "app=tcp-handler").stream()
                .map(pod -> View.uid(pod) + " restarted "
                        + pod.at("/status/containerStatuses/0/restartCount").asInt(-1))
                .sorted()
                .toList();
    }

    /// Given its address, the handler listens there instead of on a socket.
    private String overTheNetwork() {
        return """
                {"metadata":{"namespace":"%s"},"spec":{"template":{"spec":{"containers":[{"name":"tcp-handler","env":\
                [{"name":"POD_IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}}]}]}}}}""".formatted(namespace);
    }

    /// The chart's values that allow them.
    private Map<String, String> allowTheHandlersAddresses() {
        var allowed = new TreeMap<String, String>();
        for (JsonNode pod : kubectl.list("pods", "-n", namespace, "-l", "app=tcp-handler")) {
            allowed.put(
                    "discovery.externalHandlers.allowedNetworks[%d]".formatted(allowed.size()),
                    pod.at("/status/podIP").asString());
        }
        return allowed;
    }

    /// Arguments in the test's namespace.
    private String[] words(String command) {
        return (command + " -n " + namespace).split(" ");
    }

    private static String manifest() {
        return Repository.find().path("samples", "go-handler", "daemonset.yaml").toString();
    }

    /// A port that answers on every node.
    private String door() {
        return "petiole-registry-service." + installation.namespace() + ".svc:8080";
    }

    /// @param properties in YAML, as items of a list
    private String configuration(String properties) {
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
                    discoveryProperties: [%s]
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
                """.formatted(namespace, door(), properties);
    }
}
