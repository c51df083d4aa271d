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
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Invariant 2: restarting Petiole, or parts of it, or of Kubernetes, disturbs no broker. `-De2e.away=600` makes the
/// silences longer.
@ClusterTest
class RestartE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("e2e.away", 15));
    private static final String REGISTRY = "statefulset/petiole-registry-service";
    private static final String SCHEDULER = "deployment/petiole-broker-scheduler";
    private static final String DISCOVERY = "daemonset/petiole-discovery-service";

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final Installation installation;
    private final String namespace;
    private final View view;
    private Set<String> before = Set.of();

    RestartE2E(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.installation = installation;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
    }

    @BeforeEach
    void runBrokers() {
        kubectl.apply(new EchoConfiguration(namespace, "pods", "[a, b]", 1).yaml())
                .orThrow();
        kubectl.apply(pool()).orThrow();
        awaitReady();
        assertThat(view.readyBrokers("pods")).hasSize(2);
        before = uids();
    }

    @AfterEach
    void deleteAll() {
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
    }

    @Test
    void servicesAreRestartedInAnyOrder() {
        for (List<String> order : List.of(
                List.of(REGISTRY, SCHEDULER, DISCOVERY),
                List.of(DISCOVERY, REGISTRY, SCHEDULER),
                List.of(SCHEDULER, DISCOVERY, REGISTRY))) {
            order.forEach(workload -> kubectl.output("rollout", "restart", workload, "-n", installation.namespace()));
            installation.awaitReady();
            awaitReady();
            assertThat(uids()).as("after %s", order).isEqualTo(before);
        }
    }

    @Test
    void theReleaseIsUpgraded() {
        installation.upgrade(Map.of("logging.level", "DEBUG"));
        awaitReady();
        assertThat(uids()).isEqualTo(before);

        installation.upgrade(Map.of("logging.level", "INFO"));
        awaitReady();
        assertThat(uids()).isEqualTo(before);
    }

    @Test
    void theRegistryIsAwayForAWhile() {
        kubectl.output("scale", REGISTRY, "--replicas=0", "-n", installation.namespace());
        try {
            await().during(AWAY)
                    .atMost(AWAY.multipliedBy(3))
                    .untilAsserted(() -> assertThat(uids()).isEqualTo(before));
        } finally {
            kubectl.output("scale", REGISTRY, "--replicas=1", "-n", installation.namespace());
            installation.awaitReady();
        }
        awaitReady();
        assertThat(uids()).isEqualTo(before);
    }

    @Test
    void theApiServerIsAwayForAWhile() {
        assumeTrue(cluster.can(Capability.NODE_POWER), "a power switch is needed to take the API server away");
        cluster.stopNode("cp");
        try {
            await().pollDelay(AWAY).atMost(AWAY.multipliedBy(2)).until(() -> true);
        } finally {
            cluster.startNode("cp");
        }
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> !kubectl.names("nodes").isEmpty());
        installation.awaitReady();
        awaitReady();
        assertThat(uids()).isEqualTo(before);
    }

    private void awaitReady() {
        await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> {
            for (String configuration : List.of("pods", "pool")) {
                assertThat(view.condition(configuration, "BrokersReady")
                                .path("reason")
                                .asString(""))
                        .as(configuration)
                        .isEqualTo("AllReady");
                assertThat(view.condition(configuration, "Ready").path("status").asString(""))
                        .isEqualTo("True");
            }
        });
    }

    private Set<String> uids() {
        Set<String> uids = new TreeSet<>();
        for (String kind : List.of("pods", "services", "instances.petiole.dev", "deployments.apps", "configmaps")) {
            kubectl.list(kind, "-n", namespace).forEach(object -> uids.add(kind + " " + View.uid(object)));
        }
        return uids;
    }

    private String pool() {
        return """
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: pool, namespace: %s}
                spec:
                  discoveryHandler: {name: debugEcho, discoveryDetails: "descriptions: [c, d, e]"}
                  brokerSpec:
                    brokerPool:
                      devicesPerBroker: 2
                      podSpec:
                        terminationGracePeriodSeconds: 0
                        containers:
                        - name: broker
                          image: docker.io/library/busybox:1
                          imagePullPolicy: IfNotPresent
                          command: [sh, -c, "trap exit TERM; while :; do sleep 1; done"]
                """.formatted(namespace);
    }
}
