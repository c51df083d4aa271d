package dev.petiole.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.leader.LeaderElectionProperties;
import dev.petiole.scheduler.leader.LeaseElection;
import dev.petiole.scheduler.testing.Kubectl;
import dev.petiole.scheduler.testing.RequiresApiServer;
import dev.petiole.scheduler.testing.TestCluster;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresApiServer
class LeaseElectionIT {

    private static final String LEASE = "/apis/coordination.k8s.io/v1/namespaces/default/leases/petiole-it";

    private Kubectl kubectl;
    private LeaseElection first;
    private LeaseElection second;

    @BeforeEach
    void createRivals() throws IOException {
        kubectl = TestCluster.get().kubectl();
        kubectl.delete(LEASE);
        first = election("first");
        second = election("second");
    }

    @AfterEach
    void stop() {
        first.stop();
        second.stop();
        kubectl.delete(LEASE);
    }

    @Test
    void onlyOneHoldsIt() {
        first.start();
        await(first);
        second.start();

        Awaitility.await()
                .during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(7))
                .untilAsserted(
                        () -> assertThat(first.isHeld() && !second.isHeld()).isTrue());
    }

    @Test
    void whatIsGivenBackIsTakenAtOnce() {
        first.start();
        await(first);
        second.start();

        first.stop();

        assertThat(first.isHeld()).isFalse();
        Awaitility.await().atMost(Duration.ofSeconds(2)).until(second::isHeld);
    }

    @Test
    void aHolderThatFellSilentIsReplacedOnceItsLeaseIsOver() {
        kubectl.create("/apis/coordination.k8s.io/v1/namespaces/default/leases", """
                {apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: petiole-it, namespace: default},
                 spec: {holderIdentity: dead, leaseDurationSeconds: 3, renewTime: "2040-01-01T00:00:00.000000Z"}}
                """);
        second.start();

        Awaitility.await().between(Duration.ofSeconds(3), Duration.ofSeconds(8)).until(second::isHeld);
        assertThat(Json.number(kubectl.get(LEASE).body(), "spec", "leaseTransitions"))
                .isEqualTo(1);
    }

    @Test
    void aHolderWhoseLeaseWasTakenKnows() {
        first.start();
        await(first);

        kubectl.patch(LEASE, "{\"spec\": {\"holderIdentity\": \"other\"}}");

        Awaitility.await().atMost(Duration.ofSeconds(2)).until(() -> !first.isHeld());
    }

    private static void await(LeaseElection election) {
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(election::isHeld);
    }

    private static LeaseElection election(String identity) throws IOException {
        var properties = new LeaderElectionProperties(
                true, "default", "petiole-it", identity, Duration.ofSeconds(4), Duration.ofMillis(500));
        return new LeaseElection(client(), properties, identity, Clock.systemUTC(), new Random(7));
    }

    private static ApiClient client() throws IOException {
        try (var reader = Files.newBufferedReader(TestCluster.get().kubeconfig())) {
            return ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(reader)).build();
        }
    }
}
