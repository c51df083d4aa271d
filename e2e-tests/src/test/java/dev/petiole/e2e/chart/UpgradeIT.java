package dev.petiole.e2e.chart;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petiole.e2e.cluster.ApiServerProcess;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.helm.HelmChart;
import dev.petiole.e2e.helm.HelmRelease;
import dev.petiole.e2e.junit.ApiServers;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an upgrade finds in a cluster, on a real API server.
class UpgradeIT {

    private ApiServerProcess apiServer;
    private Kubectl kubectl;
    private HelmRelease release;

    @BeforeEach
    void start() {
        apiServer = ApiServers.start(UpgradeIT.class);
        kubectl = apiServer.kubectl();
        release = new HelmRelease("petiole", RenderedChart.NAMESPACE, kubectl.kubeconfig());
    }

    @AfterEach
    void stop() throws IOException {
        if (apiServer != null) {
            apiServer.close();
        }
    }

    /// Helm brings no definitions on an upgrade, and a policy of an unknown kind refuses every Pod of the cluster.
    @Test
    void withoutTheKindThatThePoliciesReadItIsRefusedInWords() {
        apply();
        kubectl.output("delete", "crd", "deviceconsumers.petiole.dev");

        assertThatThrownBy(this::apply)
                .hasMessageContaining("no kind DeviceConsumers")
                .hasMessageContaining("remedy: kubectl apply --server-side --force-conflicts -f charts/petiole/crds/");

        kubectl.output(
                "apply",
                "--server-side",
                "-f",
                RenderedChart.DIRECTORY.resolve("crds").toString());
        assertThatCode(this::apply).doesNotThrowAnyException();
    }

    private void apply() {
        new HelmChart(RenderedChart.DIRECTORY).apply(release, Map.of("registry.storage.type", "pvc"));
    }
}
