package dev.petiole.e2e.cluster;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The cluster that someone wants.
///
/// @param name of a cluster that is made; two of different names stand side by side
/// @param nodes how many nodes one that is made shall have
/// @param keep whether one that is made outlives this JVM
/// @param kubeconfig of a cluster that exists, and is to be used instead of making one
public record ClusterRequest(
        String name, int nodes, boolean keep, @Nullable Path kubeconfig) {

    public ClusterRequest {
        if (!name.matches("[a-z0-9]{1,16}")) {
            throw new IllegalArgumentException("name: %s (expected: 1 to 16 of a-z, 0-9)".formatted(name));
        }
        if (nodes < 1 || nodes > 9) {
            throw new IllegalArgumentException("nodes: %d (expected: 1 to 9)".formatted(nodes));
        }
    }

    /// As the caller's settings say: `e2e.kubeconfig`, `e2e.cluster`, `e2e.nodes`, `e2e.keep`.
    public static ClusterRequest fromSettings() {
        return new ClusterRequest(
                Setting.find("cluster").orElse("e2e"),
                Setting.find("nodes").map(Integer::parseInt).orElse(2),
                Setting.find("keep").map(Boolean::parseBoolean).orElse(false),
                Setting.find("kubeconfig").map(Path::of).orElse(null));
    }
}
