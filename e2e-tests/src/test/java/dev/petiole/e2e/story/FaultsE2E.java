package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.e2e.cluster.Capability;
import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What becomes of brokers and slots when a kubelet, a node or the way to the registry fails.
@ClusterTest
class FaultsE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final String namespace;
    private final View view;
    private final ClaimedDevices claimed;
    private final Machines machines;

    FaultsE2E(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
        this.claimed = new ClaimedDevices(kubectl, namespace.name());
        this.machines = new Machines(cluster, kubectl, installation.namespace());
    }

    @BeforeEach
    void needsMachines() {
        assumeTrue(cluster.can(Capability.NODE_POWER), "a power switch of the nodes is needed");
        assumeTrue(cluster.can(Capability.SEVERAL_NODES), "two nodes are needed");
    }

    @AfterEach
    void leaveNothing() {
        kubectl.output("delete", "pods", "-l", "app=claimant", "-n", namespace, "--timeout=60s");
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
    }

    @Test
    void aRestartedKubeletDisturbsNoBrokerAndHasTheResourcesBackWithinFiveSeconds() {
        List<JsonNode> before = brokersOnBothNodes("kubelet");
        String node = cluster.nodes().getFirst();

        double old = sockets(node).get("kubelet.sock");
        machines.killKubelet(node);

        // The device's and the Configuration's.
        await().atMost(LIMIT).until(() -> madeAnew(sockets(node), old).size() >= 2);
        Map<String, Double> bornAt = sockets(node);
        assertThat(madeAnew(bornAt, old))
                .as("a resource's socket is made anew when it is registered: %s", bornAt)
                .allSatisfy(
                        time -> assertThat(time - bornAt.get("kubelet.sock")).isLessThan(5.0));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(view.allocatable()).containsValue(2));
        assertThat(identities(view.readyBrokers("kubelet"))).isEqualTo(identities(before));
    }

    /// @param before when the socket of the kubelet that is gone was made
    /// @return when the sockets of resources were made that are younger than the new kubelet's
    private static List<Double> madeAnew(Map<String, Double> bornAt, double before) {
        double kubelet = bornAt.getOrDefault("kubelet.sock", before);
        return kubelet > before
                ? bornAt.values().stream().filter(time -> time > kubelet).toList()
                : List.of();
    }

    /// A device plugin's Pods are turned away if they come before the plugin; a Pod with a ResourceClaim waits in
    /// place.
    @Test
    void afterARebootBrokersAreReadyWithinThirtySecondsOfTheirNode() {
        brokersOnBothNodes("reboot");
        String node = nodeWithoutServices();
        List<String> claimant = claimOn(node);
        cluster.stopNode(node);
        await().atMost(LIMIT).until(() -> !machines.isReady(node));

        cluster.startNode(node);
        await().atMost(LIMIT).until(() -> machines.isReady(node));
        long ready = System.nanoTime();

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.readyBrokers("reboot"))
                    .extracting(broker -> broker.at("/spec/nodeName").asString())
                    .containsExactlyInAnyOrderElementsOf(cluster.nodes());
            assertThat(slotHolders("reboot"))
                    .containsExactlyInAnyOrderElementsOf(
                            view.readyBrokers("reboot").stream().map(View::name).toList());
        });
        Duration toBrokers = Duration.ofNanos(System.nanoTime() - ready);
        System.out.printf("after a reboot: brokers Ready %.1f s after their node%n", toBrokers.toMillis() / 1000.0);
        assertThat(toBrokers).isLessThan(Duration.ofSeconds(30));
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(claimed.readyPods("claimant")).extracting(View::uid).isEqualTo(claimant);
            if (!claimant.isEmpty()) {
                assertThat(slotHolders("claims")).containsExactly("claimant");
                assertThat(view.run("claimant", "env").lines()).contains("DEBUG_ECHO_DESCRIPTION=foo0");
            }
        });
    }

    /// @return the UID of a Pod of this node that has a device by a ResourceClaim; empty where the cluster has no such
    private List<String> claimOn(String node) {
        if (kubectl.output("api-versions").lines().noneMatch("resource.k8s.io/v1"::equals)) {
            return List.of();
        }
        kubectl.apply(claimed.configuration("claims", "[foo0]", 1, "ResourceClaim", false))
                .orThrow();
        kubectl.apply(claimed.template("it", "claims", "a.shared")).orThrow();
        kubectl.apply(claimed.pod("claimant", "it")
                        .replaceFirst("\nspec:\n", "\nspec:\n  nodeSelector: {kubernetes.io/hostname: " + node + "}\n"))
                .orThrow();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(claimed.readyPods("claimant")).hasSize(1));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(slotHolders("claims")).containsExactly("claimant"));
        return List.of(View.uid(claimed.readyPods("claimant").getFirst()));
    }

    /// Absence of news is not news of absence: what is held on a node that can't be heard stays held.
    @Test
    void aNodeThatIsCutOffFromTheRegistryKeepsItsSlot() {
        String node = nodeWithoutServices();
        String others = machines.nodeOf("registry-service");
        kubectl.output("cordon", others);
        try {
            kubectl.apply(new EchoConfiguration(namespace, "cutoff", "[foo0]", 1).yaml())
                    .orThrow();
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(view.readyBrokers("cutoff"))
                            .extracting(broker -> broker.at("/spec/nodeName").asString())
                            .containsExactly(node));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(slotHolders("cutoff")).hasSize(1));
        } finally {
            kubectl.output("uncordon", others);
        }
        JsonNode before = view.brokers("cutoff").getFirst();

        machines.cutOff(node, true);
        try {
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(presences("cutoff")).containsEntry(node, "Unknown"));
            assertThat(slotHolders("cutoff")).containsExactly(View.name(before));
            assertThat(identities(view.brokers("cutoff"))).isEqualTo(identities(List.of(before)));
        } finally {
            machines.cutOff(node, false);
        }

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(presences("cutoff")).containsEntry(node, "Online"));
        assertThat(slotHolders("cutoff")).containsExactly(View.name(before));
        assertThat(identities(view.readyBrokers("cutoff"))).isEqualTo(identities(List.of(before)));
    }

    private List<JsonNode> brokersOnBothNodes(String name) {
        kubectl.apply(new EchoConfiguration(namespace, name, "[foo0]", 2).yaml())
                .orThrow();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers(name)).hasSize(2));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(slotHolders(name)).hasSize(2));
        return view.readyBrokers(name);
    }

    /// Has the registry and the scheduler on one node: what the other one suffers they must be there to tell.
    private String nodeWithoutServices() {
        String home = machines.nodeOf("registry-service");
        String other = cluster.nodes().stream()
                .filter(node -> !node.equals(home))
                .findFirst()
                .orElseThrow();
        if (!machines.nodeOf("broker-scheduler").equals(home)) {
            kubectl.output("cordon", other);
            try {
                machines.restart("broker-scheduler");
                await().atMost(LIMIT).until(machines::isAllReady);
            } finally {
                kubectl.output("uncordon", other);
            }
            assertThat(machines.nodeOf("broker-scheduler")).isEqualTo(home);
        }
        return other;
    }

    private List<String> slotHolders(String configuration) {
        return view.onlyInstance(configuration)
                .at("/status/slots")
                .valueStream()
                .map(slot -> slot.path("pod").asString(""))
                .filter(pod -> !pod.isEmpty())
                .toList();
    }

    private Map<String, String> presences(String configuration) {
        return view.onlyInstance(configuration)
                .at("/status/nodes")
                .valueStream()
                .collect(Collectors.toMap(
                        node -> node.path("node").asString(),
                        node -> node.path("presence").asString()));
    }

    /// @return when each socket in the kubelet's directory was made, in seconds
    private Map<String, Double> sockets(String node) {
        return cluster.onNode(node, "sh", "-c", "cd /var/lib/kubelet/device-plugins && stat -c '%n %.3Y' *.sock")
                .orThrow()
                .lines()
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(words -> words[0], words -> Double.parseDouble(words[1])));
    }

    /// What shows whether a Pod and its containers are still the same.
    private static List<String> identities(List<JsonNode> pods) {
        return pods.stream()
                .map(pod -> View.uid(pod)
                        + pod.at("/status/containerStatuses/0/containerID").asString("")
                        + pod.at("/status/containerStatuses/0/restartCount").asInt(-1))
                .sorted()
                .toList();
    }
}
