package dev.petiole.e2e.installation;

import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.cluster.Repository;
import dev.petiole.e2e.helm.HelmChart;
import dev.petiole.e2e.helm.HelmRelease;
import dev.petiole.e2e.image.BuiltImage;
import dev.petiole.e2e.image.PetioleImage;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;

/// Petiole in a cluster, installed by its chart.
public final class Installation implements AutoCloseable {

    public static final String RELEASE = "petiole";
    private static final Duration READY_LIMIT = Duration.ofMinutes(8);

    private final Kubectl kubectl;
    private final HelmRelease release;
    private final HelmChart chart;
    private final Map<String, Object> values;

    private Installation(Kubectl kubectl, String namespace, Map<String, ?> values) {
        this.kubectl = kubectl;
        this.release = new HelmRelease(RELEASE, namespace, kubectl.kubeconfig());
        this.chart = new HelmChart(Repository.find().path("charts", "petiole"));
        this.values = new TreeMap<>(values);
    }

    /// The installation in this namespace, present or not.
    public static Installation in(Kubectl kubectl, String namespace) {
        return new Installation(kubectl, namespace, Map.of());
    }

    /// Installs or upgrades, and waits until every workload is ready.
    ///
    /// @param images already loaded into the cluster; the discovery service's debug image wins if both are there
    /// @param values the chart's, by dotted keys
    public static Installation install(
            Cluster cluster, String namespace, Map<PetioleImage, BuiltImage> images, Map<String, ?> values) {
        var all = new TreeMap<String, Object>();
        all.put("images.pullPolicy", "IfNotPresent");
        images.values().forEach(image -> put(all, image));
        all.putAll(values);
        var installation = new Installation(cluster.kubectl(), namespace, all);
        installation.upgrade(Map.of());
        return installation;
    }

    private static void put(Map<String, Object> values, BuiltImage image) {
        switch (image.image()) {
            case REGISTRY_SERVICE -> values.put("images.registryService", image.reference());
            case BROKER_SCHEDULER -> values.put("images.brokerScheduler", image.reference());
            case DISCOVERY_SERVICE -> values.putIfAbsent("images.discoveryService", image.reference());
            case DISCOVERY_SERVICE_DEBUG -> values.put("images.discoveryService", image.reference());
            case SHELF_SCALE, INVENTORY_BROKER -> {
                // The samples' manifests name these.
            }
        }
    }

    public String namespace() {
        return release.namespace();
    }

    public boolean exists() {
        return release.exists();
    }

    /// Changes some of the chart's values, the others being as at the installation, and waits for readiness.
    public void upgrade(Map<String, ?> changed) {
        values.putAll(changed);
        chart.apply(release, values);
        awaitReady();
    }

    /// Takes back values that [#upgrade] changed, so that the chart's own hold, and waits for readiness.
    public void reset(Collection<String> keys) {
        values.keySet().removeAll(keys);
        upgrade(Map.of());
    }

    /// Waits until all workloads of the release are up to date and ready; fails with what keeps them from it.
    public void awaitReady() {
        try {
            Awaitility.await()
                    .atMost(READY_LIMIT)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        List<JsonNode> workloads = workloads();
                        return !workloads.isEmpty() && workloads.stream().allMatch(Readiness::isReady);
                    });
        } catch (ConditionTimeoutException e) {
            throw new NotReady(new Diagnosis(kubectl, namespace()).describe(), e);
        }
    }

    /// The names of a component's Pods, for example `discovery-service`.
    public List<String> pods(String component) {
        return kubectl.names("pods", "-n", namespace(), "-l", "app.kubernetes.io/component=" + component);
    }

    /// Uninstalls the chart; [#upgrade] installs it again as it was.
    public void uninstall() {
        release.uninstall();
    }

    /// Uninstalls the chart and removes the namespace.
    @Override
    public void close() {
        release.uninstall();
        kubectl.run(Duration.ofMinutes(3), "delete", "namespace", namespace(), "--ignore-not-found", "--timeout=150s")
                .orThrow();
    }

    private List<JsonNode> workloads() {
        return kubectl.list(
                "deployments.apps,statefulsets.apps,daemonsets.apps",
                "-n",
                namespace(),
                "-l",
                "app.kubernetes.io/instance=" + RELEASE);
    }
}
