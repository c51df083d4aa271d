package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
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
    private final String namespace;
    private final View view;

    LostRegistryE2E(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.installation = installation;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
    }

    @AfterEach
    void leaveNothing() {
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(view.services()).isEmpty());
    }

    @Test
    void noBrokerIsDeletedOrMadeAnewAndNoSlotIsGrantedTwice() {
        int perDevice = Math.min(2, cluster.nodes().size());
        apply(new EchoConfiguration(namespace, "many", "[foo0, foo1]", 2));
        apply(new EchoConfiguration(namespace, "single", "[bar0]", 1));
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.readyBrokers("many")).hasSize(2 * perDevice);
            assertThat(view.readyBrokers("single")).hasSize(1);
            assertThat(users("many")).hasSize(2 * perDevice);
            assertThat(users("single")).hasSize(1);
        });
        Set<String> brokers = uids();
        Set<String> instances = instanceUids();
        Set<String> users = users("many");

        kubectl.output("exec", "-n", installation.namespace(), REGISTRY, "--", "sh", "-c", "rm -rf /data/*");
        kubectl.output("delete", "pod", REGISTRY, "-n", installation.namespace());
        installation.awaitReady();

        // What comes after the loss shows that all is rebuilt and the whole path works again.
        apply(new EchoConfiguration(namespace, "many", "[foo0, foo1, foo2]", 2));
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(kubectl.output("logs", "-n", installation.namespace(), REGISTRY))
                    .contains("registry has a new database and waits for nodes");
            assertThat(view.readyBrokers("many")).hasSize(3 * perDevice);
            assertThat(view.condition("many", "Ready").path("status").asString("")).isEqualTo("True");
            assertThat(view.condition("single", "Ready").path("status").asString("")).isEqualTo("True");
            assertThat(users("single")).hasSize(1);
        });
        assertThat(uids()).containsAll(brokers);
        assertThat(instanceUids()).containsAll(instances);
        assertThat(users("many")).containsAll(users).hasSize(3 * perDevice);
        assertThat(view.brokers("single")).hasSize(1);
    }

    private Set<String> uids() {
        return Stream.of("many", "single")
                .flatMap(configuration -> view.brokers(configuration).stream())
                .map(View::uid)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> instanceUids() {
        return Stream.of("many", "single")
                .flatMap(configuration -> view.instances(configuration).stream())
                .map(View::uid)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The Pods that hold the slots of the Configuration's devices.
    private Set<String> users(String configuration) {
        return view.instances(configuration).stream()
                .flatMap(instance -> instance.at("/status/slots").valueStream())
                .map(slot -> slot.path("pod").asString(""))
                .filter(pod -> !pod.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void apply(EchoConfiguration configuration) {
        kubectl.apply(configuration.yaml()).orThrow();
    }
}
