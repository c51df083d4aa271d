package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

/// Devices are for the namespace of their Configuration, and for those that it names.
@ClusterTest
class ConsumersE2E {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Kubectl kubectl;
    private final String namespace;
    private final String guest;
    private final ClaimedDevices devices;
    private final ClaimedDevices guests;
    private final View view;

    /// @param installation must be there, though nothing is asked of it
    ConsumersE2E(Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.kubectl = kubectl;
        this.namespace = namespace.name();
        this.guest = namespace.name() + "-guest";
        this.devices = new ClaimedDevices(kubectl, this.namespace);
        this.guests = new ClaimedDevices(kubectl, guest);
        this.view = new View(kubectl, guest);
    }

    @BeforeEach
    void welcome() {
        kubectl.output("create", "namespace", guest);
    }

    @AfterEach
    void leaveNothing() {
        kubectl.output("delete", "namespace", guest, "--timeout=120s");
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
    }

    @Test
    void aPodOfAnotherNamespaceGetsADeviceOnceItsNamespaceIsNamed() {
        apply(devices.configuration("shared", "[foo0]", 2, "DevicePlugin", false));
        String device = awaitDevice();
        for (String name : List.of("shared", device)) {
            Result refused = kubectl.apply(pod(name));
            assertThat(refused.isSuccess()).isFalse();
            assertThat(refused.error())
                    .contains(namespace + "." + name)
                    .contains("remedy: name " + guest + " in spec.consumers.namespaces");
        }

        apply(consumers(devices.configuration("shared", "[foo0]", 2, "DevicePlugin", false)));

        for (String name : List.of("shared", device)) {
            await().atMost(LIMIT).untilAsserted(() -> {
                Result applied = kubectl.apply(pod(name));
                assertThat(applied.isSuccess()).as(applied.error()).isTrue();
            });
        }
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(guests.readyPods("user")).hasSize(2));
        assertThat(view.run("uses-" + device, "env").lines()).contains("DEBUG_ECHO_DESCRIPTION=foo0");

        // Who is there stays; nobody else comes.
        apply(devices.configuration("shared", "[foo0]", 2, "DevicePlugin", false));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kubectl.apply(pod("shared").replace("uses-", "again-"))
                                .isSuccess())
                        .isFalse());
        assertThat(guests.readyPods("user")).hasSize(2);
    }

    @Test
    void aClaimOfAnotherNamespaceGetsADeviceOnceItsNamespaceIsNamed() {
        assumeTrue(
                kubectl.output("api-versions").lines().anyMatch("resource.k8s.io/v1"::equals),
                "the cluster does not serve resource.k8s.io/v1");
        apply(devices.configuration("shared", "[foo0]", 1, "ResourceClaim", false));
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(devices.publishedSlots("shared")).hasSize(1));
        String template = devices.template("it", "shared", "a.handler == 'debugEcho'")
                .replace("namespace: " + namespace, "namespace: " + guest);
        await().atMost(LIMIT).untilAsserted(() -> {
            Result refused = kubectl.apply(template);
            assertThat(refused.isSuccess()).isFalse();
            assertThat(refused.error()).contains(namespace + ".shared").contains("spec.consumers.namespaces");
        });

        apply(consumers(devices.configuration("shared", "[foo0]", 1, "ResourceClaim", false)));

        await().atMost(LIMIT).untilAsserted(() -> {
            Result applied = kubectl.apply(template);
            assertThat(applied.isSuccess()).as(applied.error()).isTrue();
        });
        apply(guests.pod("mine", "it"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(guests.readyPods("mine")).hasSize(1));
        assertThat(view.run("mine", "env").lines()).contains("DEBUG_ECHO_DESCRIPTION=foo0");
    }

    private String awaitDevice() {
        return await().atMost(LIMIT)
                .until(
                        () -> kubectl.names("instances.petiole.dev", "-n", namespace).stream()
                                .findFirst()
                                .orElse(""),
                        name -> !name.isEmpty());
    }

    private String consumers(String configuration) {
        return configuration.replace("  capacity:", "  consumers: {namespaces: [" + guest + "]}\n  capacity:");
    }

    /// @param resource the name of a device or of the Configuration
    private String pod(String resource) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: uses-%s, namespace: %s, labels: {app: user}}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers:
                  - name: main
                    image: docker.io/library/busybox:1
                    imagePullPolicy: IfNotPresent
                    command: [sh, -c, "trap exit TERM; while :; do sleep 1; done"]
                    resources: {limits: {"%s.petiole.dev/%s": "1"}}
                """.formatted(resource, guest, namespace, resource);
    }

    private void apply(String yaml) {
        kubectl.apply(yaml).orThrow();
    }
}
