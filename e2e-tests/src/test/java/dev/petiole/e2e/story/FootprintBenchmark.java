package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What Petiole's containers take on a cluster, as the kubelets reckon it: idle, and with devices. No test, since it
/// asserts no figures: run with `mvn verify -pl e2e-tests -Dit.test=FootprintBenchmark`.
@ClusterTest
class FootprintBenchmark {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration SETTLING = Duration.ofSeconds(45);

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final Installation installation;
    private final String namespace;
    private final View view;
    private final JsonMapper json = new JsonMapper();

    FootprintBenchmark(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.installation = installation;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
    }

    @Test
    void footprint() throws Exception {
        System.out.printf(
                "| | container | resident MiB | working set MiB | page cache of its cgroup MiB |%n| --- | --- | --- | --- | --- |%n");
        settleAndPrint("idle");
        configure("few", 4);
        settleAndPrint("4 shared devices");
        configure("few", Integer.getInteger("petiole.benchmark.devices", 100));
        settleAndPrint("many shared devices");
    }

    private void configure(String name, int devices) {
        String descriptions =
                IntStream.range(0, devices).mapToObj(i -> "device-" + i).collect(Collectors.joining(", ", "[", "]"));
        kubectl.apply("""
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: %s, namespace: %s}
                spec:
                  discoveryHandler:
                    name: debugEcho
                    discoveryDetails: |
                      descriptions: %s
                """.formatted(name, namespace, descriptions)).orThrow();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.instances(name)).hasSize(devices));
    }

    private void settleAndPrint(String when) throws InterruptedException {
        boolean _ = new CountDownLatch(1).await(SETTLING.toSeconds(), TimeUnit.SECONDS);
        for (String node : cluster.nodes()) {
            JsonNode summary = json.readTree(kubectl.raw("/api/v1/nodes/" + node + "/proxy/stats/summary"));
            for (JsonNode pod : summary.path("pods")) {
                if (pod.at("/podRef/namespace").asString().equals(installation.namespace())) {
                    pod.path("containers").forEach(container -> print(when + ", " + node, container));
                }
            }
        }
    }

    private static void print(String when, JsonNode container) {
        JsonNode memory = container.path("memory");
        long set = memory.path("workingSetBytes").asLong();
        System.out.printf(
                "| %s | %s | %d | %d | %d |%n",
                when,
                container.path("name").asString(),
                memory.path("rssBytes").asLong() >> 20,
                set >> 20,
                (memory.path("usageBytes").asLong() - memory.path("rssBytes").asLong()) >> 20);
    }
}
