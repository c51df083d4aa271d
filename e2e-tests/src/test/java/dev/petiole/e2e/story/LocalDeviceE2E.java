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
import dev.petiole.e2e.process.Result;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A device of the machine itself, with a uevent of the kernel when it comes and goes: a compressed memory disk of
/// zram. The nodes of the built cluster share one kernel, so each of them has it.
@ClusterTest
class LocalDeviceE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String CONTROL = "/sys/class/zram-control/";

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final String namespace;
    private final View view;
    private String disk = "";

    /// @param installation must be there, though nothing is asked of it
    LocalDeviceE2E(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
    }

    @BeforeEach
    void plugInADisk() {
        assumeTrue(cluster.can(Capability.NODE_COMMANDS), "commands on nodes are needed to make a device");
        assumeTrue(onNode("test", "-e", CONTROL + "hot_add").isSuccess(), "the kernel has no zram");
        disk = plugIn();
        boolean hasNode = onNode("test", "-b", "/dev/" + disk).isSuccess();
        if (!hasNode) {
            unplug();
        }
        assumeTrue(hasNode, "the nodes' /dev does not follow the kernel's, as in K3s in Docker");
    }

    @AfterEach
    void unplugTheDisk() {
        if (!disk.isEmpty() && onNode("test", "-b", "/dev/" + disk).isSuccess()) {
            unplug();
        }
    }

    @Test
    void isAnInstancePerNodeWithItsDeviceNodeInTheBroker() {
        kubectl.apply(configuration()).orThrow();
        int nodes = cluster.nodes().size();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers("disks")).hasSize(nodes));

        List<JsonNode> instances = view.instances("disks");
        assertThat(instances).hasSize(nodes);
        assertThat(instances)
                .allSatisfy(instance ->
                        assertThat(instance.at("/spec/shared").asBoolean(true)).isFalse());
        assertThat(instances.stream()
                        .map(instance -> instance.at("/spec/nodes/0").asString()))
                .containsExactlyInAnyOrderElementsOf(cluster.nodes());
        String broker = View.name(view.brokers("disks").getFirst());
        assertThat(view.run(broker, "env").lines()).contains("UDEV_DEVNODE=/dev/" + disk);
        assertThat(view.run(broker, "ls", "-l", "/dev/" + disk)).startsWith("b");

        String same = disk;
        unplug();
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.instances("disks")).isEmpty();
            assertThat(view.brokers("disks")).isEmpty();
            assertThat(view.allocatable()).isEmpty();
        });

        assertThat(plugIn()).isEqualTo(same);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers("disks")).hasSize(nodes));
        kubectl.delete(configuration());
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.brokers("disks")).isEmpty());
    }

    @Test
    void isADeviceNodeInTheBrokerWhenItIsClaimed() {
        assumeTrue(
                kubectl.output("api-versions").lines().anyMatch("resource.k8s.io/v1"::equals),
                "the cluster does not serve resource.k8s.io/v1");
        String claimed = configuration().replace("  gracePeriod: 2s", "  gracePeriod: 2s\n  exposure: ResourceClaim");
        kubectl.apply(claimed).orThrow();
        int nodes = cluster.nodes().size();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers("disks")).hasSize(nodes));

        String broker = View.name(view.brokers("disks").getFirst());
        assertThat(view.run(broker, "env").lines()).contains("UDEV_DEVNODE=/dev/" + disk);
        assertThat(view.run(broker, "ls", "-l", "/dev/" + disk)).startsWith("b");
        // The container's device cgroup lets it be opened, too.
        assertThat(view.run(broker, "head", "-c", "1", "/dev/" + disk)).isNotNull();
        assertThat(view.allocatable()).isEmpty();

        unplug();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.brokers("disks")).isEmpty());
        kubectl.delete(claimed);
    }

    private String plugIn() {
        disk = "zram" + onNode("cat", CONTROL + "hot_add").orThrow().strip();
        return disk;
    }

    private void unplug() {
        onNode("sh", "-c", "echo " + disk.substring("zram".length()) + " > " + CONTROL + "hot_remove")
                .orThrow();
    }

    private Result onNode(String... command) {
        return cluster.onNode(cluster.nodes().getFirst(), command);
    }

    private String configuration() {
        return """
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: disks, namespace: %s}
                spec:
                  discoveryHandler:
                    name: udev
                    discoveryDetails: |
                      udevRules:
                      - SUBSYSTEM=="block", KERNEL=="%s"
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
                """.formatted(namespace, disk);
    }
}
