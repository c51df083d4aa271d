package dev.petiole.e2e.junit;

import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.ClusterRequest;
import dev.petiole.e2e.cluster.ClusterSearch;
import dev.petiole.e2e.cluster.Clusters;
import dev.petiole.e2e.cluster.Repository;
import dev.petiole.e2e.image.BuiltImage;
import dev.petiole.e2e.image.Images;
import dev.petiole.e2e.image.PetioleImage;
import dev.petiole.e2e.installation.Installation;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The search for a cluster, and what it led to: done once per JVM.
final class SharedCluster implements AutoCloseable {

    private static final String NAMESPACE = "petiole-system";

    private final ClusterSearch search = Clusters.find(ClusterRequest.fromSettings(), System.out);
    private @Nullable Installation installation;

    SharedCluster() {
        if (search instanceof ClusterSearch.None(String reason)) {
            System.out.printf("cluster: none, end-to-end tests cannot run: %s%n", reason);
        }
    }

    Optional<Cluster> find() {
        return switch (search) {
            case ClusterSearch.Found(Cluster cluster) -> Optional.of(cluster);
            case ClusterSearch.None _ -> Optional.empty();
        };
    }

    String reason() {
        return switch (search) {
            case ClusterSearch.Found _ -> "";
            case ClusterSearch.None(String reason) -> reason;
        };
    }

    Cluster get() {
        return find().orElseThrow();
    }

    /// Built, loaded and installed when the first test asks for it.
    synchronized Installation installation() {
        if (installation == null) {
            Map<PetioleImage, BuiltImage> images = new Images(Repository.find())
                    .build(EnumSet.complementOf(EnumSet.of(PetioleImage.DISCOVERY_SERVICE)));
            get().load(images.values().stream().map(BuiltImage::tar).toList());
            installation = Installation.install(get(), NAMESPACE, images, values());
        }
        return installation;
    }

    /// What the stories need beyond the defaults.
    private static Map<String, Object> values() {
        return Map.of(
                "akri.enabled",
                true,
                "discovery.debugEcho.enabled",
                true,
                "registry.access.operators[0]",
                "system:serviceaccount:" + NAMESPACE + ":operator",
                "scheduler.templates[0].group",
                "coordination.k8s.io",
                "scheduler.templates[0].version",
                "v1",
                "scheduler.templates[0].resource",
                "leases",
                "scheduler.templates[0].kind",
                "Lease");
    }

    @Override
    public synchronized void close() {
        if (installation != null) {
            installation.close();
        }
        find().ifPresent(Cluster::close);
    }
}
