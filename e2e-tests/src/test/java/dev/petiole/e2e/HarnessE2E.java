package dev.petiole.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.e2e.cluster.Capability;
import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.cluster.PortForward;
import dev.petiole.e2e.helm.HelmChart;
import dev.petiole.e2e.helm.HelmRelease;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// What the other stories stand on.
@ClusterTest
final class HarnessE2E {

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final String namespace;

    HarnessE2E(Cluster cluster, Kubectl kubectl, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.namespace = namespace.name();
    }

    @Test
    void nodesHaveAKubeletThatTakesDevicePlugins() {
        Assumptions.assumeTrue(cluster.can(Capability.NODE_COMMANDS));

        assertThat(cluster.nodes())
                .isNotEmpty()
                .allSatisfy(node -> assertThat(cluster.onNode(node, "ls", "/var/lib/kubelet/device-plugins")
                                .orThrow())
                        .contains("kubelet.sock"));
    }

    @Test
    void chartsAreInstalledUpgradedAndUninstalled() {
        var chart = new HelmChart(Path.of("src", "test", "resources", "charts", "small"));
        var release = new HelmRelease("small", namespace, cluster.kubeconfig());

        assertThat(chart.lint()).isEmpty();
        chart.apply(release, Map.of());
        assertThat(greeting()).isEqualTo("hello");
        chart.apply(release, Map.of("greeting", "hello again"));
        assertThat(greeting()).isEqualTo("hello again");

        release.uninstall();
        assertThat(release.exists()).isFalse();
        assertThat(kubectl.names("configmaps", "-n", namespace)).doesNotContain("small");
    }

    @Test
    void podsAreReachedByProxyAndByForward() throws Exception {
        assertThat(kubectl.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: web, namespace: %s}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers:
                  - name: web
                    image: busybox:1
                    imagePullPolicy: IfNotPresent
                    command: [sh, -c, "mkdir /www; echo reached > /www/index.html; exec httpd -f -p 8080 -h /www"]
                """.formatted(namespace)).error()).isEmpty();

        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> kubectl.pod(namespace, "web", 8080, "/"), "reached\n"::equals);
        try (PortForward forward = kubectl.forward(namespace, "pod/web", 8080);
                HttpClient client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(forward.uri("/")).build();
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("reached\n");
        }
    }

    private String greeting() {
        return kubectl.output("get", "configmap", "small", "-n", namespace, "-o", "jsonpath={.data.greeting}")
                .strip();
    }
}
