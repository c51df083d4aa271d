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
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Devices by Dynamic Resource Allocation, from a Configuration with `exposure: ResourceClaim` into containers
/// and back.
@ClusterTest
class ResourceClaimE2E {

    private static final Duration LIMIT = Duration.ofMinutes(4);

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final Installation installation;
    private final String namespace;
    private final View view;
    private final ClaimedDevices claimed;
    private final EchoDevices devices;

    ResourceClaimE2E(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.installation = installation;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
        this.claimed = new ClaimedDevices(kubectl, namespace.name());
        this.devices = new EchoDevices(kubectl, installation);
    }

    @BeforeEach
    void requireTheApi() {
        assumeTrue(
                kubectl.output("api-versions").lines().anyMatch("resource.k8s.io/v1"::equals),
                "the cluster does not serve resource.k8s.io/v1");
    }

    @AfterEach
    void leaveNothing() {
        devices.putOnline();
        kubectl.output("delete", "deployments,pods", "--all", "-n", namespace, "--timeout=60s");
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(claimed.deviceClasses()).isEmpty();
            assertThat(kubectl.names(
                            "resourceslices.resource.k8s.io", "-l", "petiole.dev/configuration-namespace=" + namespace))
                    .isEmpty();
            assertThat(kubectl.names(
                            "resourceclaimtemplates.resource.k8s.io",
                            "-n",
                            namespace,
                            "-l",
                            "app.kubernetes.io/managed-by=petiole"))
                    .isEmpty();
        });
    }

    @Test
    void aBrokerHasItsClaimMadeForItAndGetsTheDevicesProperties() {
        // Claimed while one node sees the device, a slot is of that node's pool, and not published in that of both.
        apply(claimed.configuration("dra", "[foo0]", 1, "ResourceClaim", false));
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.onlyInstance("dra").at("/spec/nodes"))
                    .hasSize(cluster.nodes().size());
            assertThat(view.condition("dra", "Exposed").path("message").asString(""))
                    .contains("1 slot of 1 device in 1 ResourceSlice");
        });
        apply(claimed.configuration("dra", "[foo0]", 1, "ResourceClaim", true));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers("dra")).hasSize(1));

        String device = View.name(view.onlyInstance("dra"));
        String hash = device.substring(device.lastIndexOf('-') + 1).toUpperCase(Locale.ROOT);
        String broker = View.name(view.brokers("dra").getFirst());
        assertThat(view.run(broker, "env").lines())
                .contains(
                        "DEBUG_ECHO_DESCRIPTION=foo0",
                        "DEBUG_ECHO_DESCRIPTION_" + hash + "=foo0",
                        "RESOLUTION_WIDTH_" + hash + "=800");
        assertThat(view.allocatable()).isEmpty();
        await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode status = view.onlyInstance("dra").path("status");
            assertThat(status.at("/slots/0/pod").asString("")).isEqualTo(broker);
            assertThat(claimed.claims()).singleElement().satisfies(claim -> {
                JsonNode entry = claim.at("/status/devices/0");
                assertThat(entry.at("/data/instance").asString("")).isEqualTo(device);
                assertThat(entry.at("/conditions/0/type").asString("")).isEqualTo("Ready");
                assertThat(entry.at("/conditions/0/status").asString("")).isEqualTo("True");
            });
            assertThat(view.condition("dra", "Ready").path("status").asString(""))
                    .isEqualTo("True");
        });
    }

    @Test
    void anyonesPodClaimsADeviceByItsAttributes() {
        apply(claimed.configuration("any", "[foo0, foo1]", 1, "ResourceClaim", false));
        apply(claimed.template("foo1", "any", "a.DEBUG_ECHO_DESCRIPTION == 'foo1' && a.shared && a.capacity == 1"));
        apply(claimed.pod("mine", "foo1"));

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(claimed.readyPods("mine")).hasSize(1));
        assertThat(view.run("mine", "env").lines()).contains("DEBUG_ECHO_DESCRIPTION=foo1");
    }

    /// Two slots of one device, whichever way the nodes fall; a third claim waits until one is given back.
    @Test
    void asManyPodsShareADeviceAsItHasSlots() {
        apply(claimed.configuration("duo", "[foo0]", 2, "ResourceClaim", false));
        apply(claimed.template("any-duo", "duo", "a.handler == 'debugEcho'"));
        apply(claimed.deployment("sharers", "any-duo", 3));

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(claimed.readyPods("sharers")).hasSize(2));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(
                                view.onlyInstance("duo").at("/status/slots").valueStream())
                        .hasSize(2));
        String one = View.name(claimed.readyPods("sharers").getFirst());
        assertThat(claimed.readyPods("sharers")).hasSize(2);

        kubectl.output("scale", "deployment", "sharers", "--replicas=2", "-n", namespace);
        claimed.deletePod(one);

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(claimed.readyPods("sharers"))
                    .hasSize(2)
                    .noneMatch(pod -> View.name(pod).equals(one));
            assertThat(view.onlyInstance("duo").at("/status/slots").valueStream())
                    .hasSize(2);
        });
    }

    @Test
    void aDeviceThatIsOfflineIsClaimedByNobodyAnewAndAgainWhenItIsBack() {
        apply(claimed.configuration("flip", "[foo0]", 1, "ResourceClaim", false));
        apply(claimed.template("any-flip", "flip", "a.device != ''"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(claimed.publishedSlots("flip")).hasSize(1));

        devices.putOffline();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(claimed.publishedSlots("flip")).isEmpty());
        apply(claimed.pod("waits", "any-flip"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(claimed.pod("waits")
                                .at("/status/conditions/0/message")
                                .asString(""))
                        .contains("cannot allocate all claims"));

        devices.putOnline();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(claimed.readyPods("waits")).hasSize(1));
    }

    @Test
    void aChangeOfExposureDrainsAndNeverHandsASlotOutTwice() {
        apply(claimed.configuration("plug", "[foo0]", 1, "DevicePlugin", true));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers("plug")).hasSize(1));
        String before = View.uid(view.brokers("plug").getFirst());

        apply(claimed.configuration("plug", "[foo0]", 1, "ResourceClaim", true));
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.readyBrokers("plug")).hasSize(1);
            assertThat(View.uid(view.brokers("plug").getFirst())).isNotEqualTo(before);
            assertThat(view.onlyInstance("plug").at("/status/slots").valueStream())
                    .hasSize(1);
            assertThat(view.allocatable()).isEmpty();
        });

        apply(claimed.configuration("plug", "[foo0]", 1, "DevicePlugin", true));
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.readyBrokers("plug")).hasSize(1);
            assertThat(claimed.claims()).isEmpty();
            assertThat(claimed.slices("plug")).isEmpty();
            assertThat(view.allocatable()).isNotEmpty();
        });
    }

    @Test
    void whoClaimsKeepsTheDeviceWhileDiscoveryServiceAndKubeletRestart() {
        assumeTrue(cluster.can(Capability.NODE_COMMANDS), "commands on nodes are needed to restart a kubelet");
        apply(claimed.configuration("steady", "[foo0, foo1]", 1, "ResourceClaim", true));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers("steady")).hasSize(2));
        List<String> before = view.brokers("steady").stream().map(View::uid).toList();

        for (String node : cluster.nodes()) {
            cluster.onNode(node, "pkill", "-x", "kubelet").orThrow();
        }
        kubectl.output("rollout", "restart", "daemonset", "petiole-discovery-service", "-n", installation.namespace());
        installation.awaitReady();
        // One that comes after the restart shows that the whole way works again.
        apply(claimed.configuration("steady", "[foo0, foo1, foo2]", 1, "ResourceClaim", true));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers("steady")).hasSize(3));

        assertThat(view.brokers("steady").stream().map(View::uid)).containsAll(before);
        assertThat(view.brokers("steady"))
                .allSatisfy(pod -> assertThat(pod.at("/status/containerStatuses/0/restartCount")
                                .asInt(-1))
                        .isZero());

        // What was prepared before the restart is given back after it.
        kubectl.output("delete", "configurations.petiole.dev", "steady", "-n", namespace, "--timeout=60s");
        await().atMost(LIMIT).untilAsserted(() -> assertThat(claimed.claims()).isEmpty());
    }

    private void apply(String yaml) {
        kubectl.apply(yaml).orThrow();
    }
}
