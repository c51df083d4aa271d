package dev.petiole.e2e.story;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.e2e.cluster.Capability;
import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.cluster.Setting;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Invariant 2: restarting Petiole, or parts of it, or of Kubernetes, disturbs no broker.
///
/// `-De2e.away=true` makes the silences as long as they are asked for: ten minutes of the registry, two of the API
/// server; and has the services restarted in each of the six orders.
@ClusterTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartE2E {

    private static final boolean IN_FULL = Setting.find("away").isPresent();
    private static final Duration REGISTRY_AWAY = IN_FULL ? Duration.ofMinutes(10) : Duration.ofSeconds(15);
    private static final Duration API_SERVER_AWAY = IN_FULL ? Duration.ofMinutes(2) : Duration.ofSeconds(15);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String REGISTRY = "statefulset/petiole-registry-service";
    private static final String SCHEDULER = "deployment/petiole-broker-scheduler";
    private static final String DISCOVERY = "daemonset/petiole-discovery-service";
    private static final List<List<String>> ORDERS = List.of(
            List.of(DISCOVERY, REGISTRY, SCHEDULER),
            List.of(REGISTRY, SCHEDULER, DISCOVERY),
            List.of(SCHEDULER, DISCOVERY, REGISTRY),
            List.of(REGISTRY, DISCOVERY, SCHEDULER),
            List.of(DISCOVERY, SCHEDULER, REGISTRY),
            List.of(SCHEDULER, REGISTRY, DISCOVERY));

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final Installation installation;
    private final StandingBrokers brokers;

    RestartE2E(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.installation = installation;
        this.brokers =
                new StandingBrokers(kubectl, namespace.name(), cluster.nodes().size());
    }

    @BeforeEach
    void runBrokers() {
        brokers.start();
    }

    /// One after the other, each as soon as the one before is ready.
    @Test
    void servicesAreRestartedInAnyOrder() {
        assumeTrue(IN_FULL, "told on demand: -De2e.away=true");
        for (List<String> order : ORDERS) {
            for (String workload : order) {
                kubectl.output("rollout", "restart", workload, "-n", installation.namespace());
                installation.awaitReady();
                brokers.assertUntouched();
            }
            brokers.awaitConvergence();
        }
    }

    /// All three at once: each has another Pod template after it.
    @Test
    void theReleaseIsUpgraded() {
        installation.upgrade(Map.of("logging.level", "DEBUG"));
        brokers.awaitConvergence();

        installation.upgrade(Map.of("logging.level", "INFO"));
        brokers.awaitConvergence();
    }

    @Test
    void theRegistryIsAwayForAWhile() {
        kubectl.output("scale", REGISTRY, "--replicas=0", "-n", installation.namespace());
        try {
            await().atMost(LIMIT)
                    .until(() -> installation.pods("registry-service").isEmpty());
            await().during(REGISTRY_AWAY)
                    .atMost(REGISTRY_AWAY.plus(LIMIT))
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(brokers::assertUntouched);
        } finally {
            kubectl.output("scale", REGISTRY, "--replicas=1", "-n", installation.namespace());
            installation.awaitReady();
        }
        brokers.awaitConvergence();
    }

    @Test
    void theApiServerIsAwayForAWhile() {
        assumeTrue(cluster.can(Capability.NODE_POWER), "a power switch is needed to take the API server away");
        cluster.stopNode("cp");
        try {
            await().pollDelay(API_SERVER_AWAY)
                    .atMost(API_SERVER_AWAY.plus(LIMIT))
                    .until(() -> true);
        } finally {
            cluster.startNode("cp");
        }
        await().atMost(LIMIT).until(() -> kubectl.run("get", "--raw", "/readyz").isSuccess());
        installation.awaitReady();
        brokers.awaitConvergence();
    }
}
