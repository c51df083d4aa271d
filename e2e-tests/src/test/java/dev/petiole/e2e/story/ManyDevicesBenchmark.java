package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// How long it takes until 500 devices are allocatable on every node, and what that costs the kubelets and the
/// discovery services. No test, since it asserts no times: run with `-Dit.test=ManyDevicesBenchmark`.
@ClusterTest
class ManyDevicesBenchmark {

    private static final int DEVICES = Integer.getInteger("e2e.devices", 500);
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final String namespace;
    private final Machines machines;

    ManyDevicesBenchmark(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.namespace = namespace.name();
        this.machines = new Machines(cluster, kubectl, installation.namespace());
    }

    @Test
    void becomeAllocatable() {
        memory("before");
        String descriptions =
                IntStream.range(0, DEVICES).mapToObj(number -> "d" + number).collect(Collectors.joining(", "));
        long start = System.nanoTime();
        kubectl.apply("""
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: many, namespace: %s}
                spec:
                  discoveryHandler: {name: debugEcho, discoveryDetails: "descriptions: [%s]"}
                  capacity: 1
                """.formatted(namespace, descriptions)).orThrow();
        for (String node : cluster.nodes()) {
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(allocatable(node)).isEqualTo(DEVICES));
            System.out.printf(
                    "%d devices allocatable on %s after %.1f s%n", DEVICES, node, (System.nanoTime() - start) / 1e9);
        }
        memory("after");
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kubectl.names("instances.petiole.dev", "-n", namespace))
                        .isEmpty());
    }

    private long allocatable(String node) {
        String prefix = namespace + ".petiole.dev/many-";
        JsonNode allocatable = kubectl.json("get", "node", node).at("/status/allocatable");
        return allocatable.properties().stream()
                .filter(resource -> resource.getKey().startsWith(prefix)
                        && !resource.getValue().asString().equals("0"))
                .count();
    }

    private void memory(String when) {
        for (String node : cluster.nodes()) {
            System.out.printf(
                    "%s, %s: kubelet %d MB, discovery service %d MB%n",
                    when, node, machines.kubeletMegabytes(node), machines.serviceMegabytes("discovery-service", node));
        }
    }
}
