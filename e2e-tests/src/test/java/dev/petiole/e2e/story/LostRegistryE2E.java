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
import org.junit.jupiter.api.Test;

/// Invariant 5: the registry's database is deleted under running brokers. It is rebuilt from the edge:
/// Configurations from the cluster, devices from observations, holders of slots from the kubelets.
@ClusterTest
class LostRegistryE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String REGISTRY = "petiole-registry-service-0";

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final Installation installation;
    private final Machines machines;
    private final StandingBrokers brokers;

    LostRegistryE2E(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.installation = installation;
        this.machines = new Machines(cluster, kubectl, installation.namespace());
        this.brokers =
                new StandingBrokers(kubectl, namespace.name(), cluster.nodes().size());
    }

    @Test
    void noBrokerIsDeletedOrMadeAnewAndNoSlotIsGrantedTwice() {
        assumeTrue(cluster.can(Capability.NODE_COMMANDS), "commands on nodes are needed to delete the database");
        brokers.start();

        machines.loseDatabase(machines.nodeOf("registry-service"));

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kubectl.output("logs", "-n", installation.namespace(), REGISTRY))
                        .contains("registry has a new database and waits for nodes"));
        installation.awaitReady();
        brokers.awaitConvergence();
    }
}
