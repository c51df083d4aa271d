package dev.petiole.e2e.chart;

import dev.petiole.e2e.cluster.ApiServerProcess;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.helm.HelmChart;
import dev.petiole.e2e.helm.HelmRelease;
import dev.petiole.e2e.junit.ApiServers;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A release of the chart on a real API server of its own, where nothing runs.
abstract class ReleaseOnApiServer {

    private ApiServerProcess apiServer;
    Kubectl kubectl;
    HelmRelease release;

    @BeforeEach
    void start() {
        apiServer = ApiServers.start(getClass());
        kubectl = apiServer.kubectl();
        release = new HelmRelease("petiole", RenderedChart.NAMESPACE, kubectl.kubeconfig());
    }

    @AfterEach
    void stop() throws IOException {
        if (apiServer != null) {
            apiServer.close();
        }
    }

    /// Installs or upgrades.
    void apply(Map<String, String> values) {
        var all = new TreeMap<>(values);
        all.put("registry.storage.type", "pvc");
        new HelmChart(RenderedChart.DIRECTORY).apply(release, all);
    }
}
