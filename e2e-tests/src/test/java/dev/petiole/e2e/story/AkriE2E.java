package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What its users know of Akri, on Petiole: its Configurations, Instances, resources and variables.
@ClusterTest
class AkriE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final Installation installation;
    private final String namespace;
    private final View view;
    private final EchoDevices devices;
    private String name = "akri-debug-echo-foo";
    private boolean isHandedOver;

    AkriE2E(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.installation = installation;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
        this.devices = new EchoDevices(kubectl, installation);
    }

    @AfterEach
    void leaveNothing() {
        devices.putOnline();
        if (isHandedOver) {
            installation.upgrade(Map.of("akri.enabled", true));
        }
        kubectl.output("delete", "pods", "-l", "akri-e2e=user", "-n", namespace, "--timeout=60s");
        for (String group : List.of("akri.sh", "petiole.dev")) {
            kubectl.output("delete", "configurations." + group, "--all", "-n", namespace, "--timeout=60s");
        }
        await().atMost(LIMIT).untilAsserted(this::nothingIsLeft);
    }

    @Test
    void akrisExampleGetsAkrisNamesResourcesAndVariables() {
        apply(configuration("[foo0, foo1]", 3));
        int nodes = cluster.nodes().size();
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(instances()).containsExactly(foo0(), foo1());
            assertThat(readyBrokers()).hasSize(2 * nodes);
            assertThat(kubectl.names("services", "-n", namespace))
                    .containsExactly(foo0() + "-svc", foo1() + "-svc", name + "-svc");
        });
        String node = cluster.nodes().getFirst();
        String broker = node + "-" + foo0() + "-pod";
        assertThat(view.run(broker, "env").lines())
                .contains(
                        "DEBUG_ECHO_DESCRIPTION=foo0",
                        "DEBUG_ECHO_DESCRIPTION_8120FE=foo0",
                        "RESOLUTION_WIDTH=800",
                        "RESOLUTION_WIDTH_8120FE=800");
        assertThat(allocatable(node)).containsKeys("akri.sh/" + name, "akri.sh/" + foo0(), "akri.sh/" + foo1());

        // One more user, who does not care which of the devices it is.
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: any, namespace: %s, labels: {akri-e2e: user}}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers:
                  - name: user
                    image: docker.io/library/busybox:1
                    imagePullPolicy: IfNotPresent
                    command: [sh, -c, "trap exit TERM; while :; do sleep 1; done"]
                    resources: {limits: {akri.sh/%s: 1}}
                """.formatted(namespace, name));
        await().atMost(LIMIT).untilAsserted(() -> {
            List<String> usage = new ArrayList<>(usage(foo0()).values());
            usage.addAll(usage(foo1()).values());
            assertThat(usage).hasSize(2 * nodes + 1).containsAll(cluster.nodes());
            assertThat(usage.stream().filter(one -> one.matches("C:" + name + "-[0-9]+:.+")))
                    .hasSize(1);
        });

        devices.putOffline();
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(instances()).isEmpty();
            assertThat(brokers()).isEmpty();
        });
        devices.putOnline();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(instances()).containsExactly(foo0(), foo1()));
    }

    /// Akri's spares: one broker per node, of which those without a slot wait.
    @Test
    void brokersWithoutASlotWaitAsSpares() {
        name = "akri-spares";
        apply(configuration("[foo0]", 1));
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(brokers()).hasSize(cluster.nodes().size());
            assertThat(readyBrokers()).hasSize(1);
        });
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(usage(foo0())).hasSize(1);
            assertThat(ready()).isEqualTo("True");
        });
    }

    @Test
    void bothGroupsLiveSideBySide() {
        name = "akri-beside";
        apply(configuration("[foo0]", 2));
        apply(new EchoConfiguration(namespace, name, "[foo0]", 2).yaml());
        int brokers = Math.min(2, cluster.nodes().size());

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(readyBrokers()).hasSize(brokers);
            assertThat(view.readyBrokers(name)).hasSize(brokers);
        });
        kubectl.output("delete", "configurations.petiole.dev", name, "-n", namespace, "--timeout=60s");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(view.brokers(name)).isEmpty());
        assertThat(readyBrokers()).hasSize(brokers);
    }

    /// Back to Akri, and over from it again: with a real kubelet no broker notices.
    @Test
    void brokersOutliveTheWayToAkriAndBack() {
        name = "akri-and-back";
        apply(configuration("[foo0]", 2));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(readyBrokers())
                        .hasSize(Math.min(2, cluster.nodes().size())));
        List<String> before = readyBrokers().stream().map(View::uid).toList();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(usage(foo0())).hasSize(before.size()));
        Map<String, String> usage = usage(foo0());

        isHandedOver = true;
        installation.upgrade(Map.of("akri.enabled", false));
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(managers()).isNotEmpty().doesNotContain("petiole");
            assertThat(allocatable(cluster.nodes().getFirst())).doesNotContainKey("akri.sh/" + foo0());
        });
        leaveAsAkri();

        installation.upgrade(Map.of("akri.enabled", true));
        isHandedOver = false;
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(managers()).containsOnly("petiole");
            assertThat(instance().at("/metadata/finalizers").isMissingNode()).isTrue();
            assertThat(usage(foo0())).isEqualTo(usage);
            assertThat(ready()).isEqualTo("True");
        });
        assertThat(readyBrokers().stream().map(View::uid)).containsExactlyInAnyOrderElementsOf(before);
    }

    /// Akri's agents mark what they care for with finalizers that are the names of their nodes.
    private void leaveAsAkri() {
        for (String node : cluster.nodes()) {
            for (String object : List.of("Instance " + foo0(), "Configuration " + name)) {
                kubectl.applyAs(node + "-fin", """
                        apiVersion: akri.sh/v0
                        kind: %s
                        metadata: {name: %s, namespace: %s, finalizers: [%s]}
                        """.formatted(
                                        object.split(" ")[0], object.split(" ")[1], namespace, node))
                        .orThrow();
            }
        }
    }

    private String foo0() {
        return name + "-8120fe";
    }

    private String foo1() {
        return name + "-a19705";
    }

    private void nothingIsLeft() {
        assertThat(instances()).isEmpty();
        assertThat(kubectl.names("pods", "-n", namespace)).isEmpty();
        assertThat(kubectl.names("services", "-n", namespace)).isEmpty();
    }

    private List<String> instances() {
        return kubectl.names("instances.akri.sh", "-n", namespace);
    }

    private JsonNode instance() {
        return kubectl.json("get", "instances.akri.sh", foo0(), "-n", namespace, "--show-managed-fields");
    }

    private List<String> managers() {
        return instance()
                .at("/metadata/managedFields")
                .valueStream()
                .map(entry -> entry.path("manager").asString())
                .distinct()
                .toList();
    }

    private List<JsonNode> brokers() {
        return kubectl.list("pods", "-n", namespace, "-l", "controller=akri.sh").stream()
                .filter(pod -> pod.at("/metadata/deletionTimestamp").isMissingNode())
                .toList();
    }

    private List<JsonNode> readyBrokers() {
        return brokers().stream().filter(View::isReady).toList();
    }

    private Map<String, String> usage(String instance) {
        var usage = new TreeMap<String, String>();
        kubectl.json("get", "instances.akri.sh", instance, "-n", namespace)
                .at("/spec/deviceUsage")
                .properties()
                .forEach(entry -> usage.put(entry.getKey(), entry.getValue().asString()));
        return usage;
    }

    private String ready() {
        return kubectl.json("get", "configurations.akri.sh", name, "-n", namespace)
                .at("/status/conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asString("").equals("Ready"))
                .map(condition -> condition.path("status").asString())
                .findFirst()
                .orElse("");
    }

    private Map<String, String> allocatable(String node) {
        var allocatable = new TreeMap<String, String>();
        kubectl.json("get", "node", node).at("/status/allocatable").properties().forEach(entry -> {
            if (!entry.getValue().asString().equals("0")) {
                allocatable.put(entry.getKey(), entry.getValue().asString());
            }
        });
        return allocatable;
    }

    private void apply(String yaml) {
        kubectl.apply(yaml).orThrow();
    }

    /// The example of Akri's documentation, with a broker that the test cluster has.
    private String configuration(String descriptions, int capacity) {
        return """
                apiVersion: akri.sh/v0
                kind: Configuration
                metadata: {name: %s, namespace: %s}
                spec:
                  discoveryHandler:
                    name: debugEcho
                    discoveryDetails: |+
                      descriptions: %s
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
                  instanceServiceSpec: {type: ClusterIP, ports: [{name: svc, port: 6052, protocol: TCP, targetPort: 6052}]}
                  configurationServiceSpec: {type: ClusterIP, ports: [{name: svc, port: 6052, protocol: TCP, targetPort: 6052}]}
                  brokerProperties: {RESOLUTION_WIDTH: "800"}
                  capacity: %d
                """.formatted(name, namespace, descriptions, capacity);
    }
}
