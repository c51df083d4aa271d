package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import dev.petiole.e2e.process.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What an uninstall leaves, and what the next installation makes of it.
@ClusterTest
class UninstallE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String MADE = "app.kubernetes.io/managed-by=petiole";

    private final Kubectl kubectl;
    private final Installation installation;
    private final String namespace;
    private final View view;
    private final ClaimedDevices devices;

    UninstallE2E(Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.kubectl = kubectl;
        this.installation = installation;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
        this.devices = new ClaimedDevices(kubectl, namespace.name());
    }

    /// Other stories count on it.
    @AfterEach
    void installAgain() {
        installation.upgrade(Map.of());
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
    }

    /// Configurations stay, and so do brokers: who uninstalls to install anew loses nothing.
    @Test
    void nothingIsLeftOfTheClustersOwnAndBrokersAreTakenUpAgain() {
        boolean canClaim = kubectl.output("api-versions").lines().anyMatch("resource.k8s.io/v1"::equals);
        kubectl.apply(devices.configuration("plug", "[foo0]", 1, "DevicePlugin", true))
                .orThrow();
        if (canClaim) {
            kubectl.apply(devices.configuration("claim", "[foo0]", 1, "ResourceClaim", false))
                    .orThrow();
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> assertThat(devices.publishedSlots("claim")).hasSize(1));
        }
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.readyBrokers("plug")).hasSize(1));
        String broker = View.uid(view.brokers("plug").getFirst());

        installation.uninstall();

        assertThat(installation.exists()).isFalse();
        for (String kind : Stream.of(
                        "validatingadmissionpolicies",
                        "validatingadmissionpolicybindings",
                        "validatingwebhookconfigurations",
                        "clusterroles",
                        "clusterrolebindings")
                .toList()) {
            assertThat(kubectl.names(kind, "-l", "app.kubernetes.io/part-of=petiole"))
                    .as(kind)
                    .isEmpty();
        }
        if (canClaim) {
            assertThat(kubectl.names("deviceclasses,resourceslices", "-l", MADE))
                    .isEmpty();
        }
        // Others have put something of their own there.
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kubectl.names(
                                "pods,jobs,deployments,daemonsets,statefulsets,leases,serviceaccounts",
                                "-n",
                                installation.namespace()))
                        .noneMatch(name -> name.startsWith("petiole")));
        assertThat(kubectl.names("deviceconsumers.petiole.dev", "-n", installation.namespace()))
                .isEmpty();
        assertThat(kubectl.names("configurations.petiole.dev", "-n", namespace)).contains("plug");
        assertThat(view.readyBrokers("plug")).extracting(View::uid).isEqualTo(List.of(broker));

        installation.upgrade(Map.of());

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.condition("plug", "Ready").path("status").asString(""))
                    .isEqualTo("True");
            assertThat(view.readyBrokers("plug")).extracting(View::uid).isEqualTo(List.of(broker));
            assertThat(view.onlyInstance("plug").at("/status/slots").valueStream())
                    .hasSize(1);
            if (canClaim) {
                assertThat(devices.publishedSlots("claim")).hasSize(1);
            }
        });
        // An API server may go on with what it knew before the policies were deleted.
        Result refused = kubectl.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: stranger, namespace: default}
                spec:
                  containers:
                  - {name: main, image: "docker.io/library/busybox:1", resources: {limits: {"%s.petiole.dev/plug": "1"}}}
                """.formatted(namespace));
        assertThat(refused.isSuccess()).isFalse();
        assertThat(refused.error()).contains("may not ask for devices of another namespace: " + namespace + ".plug");
    }
}
