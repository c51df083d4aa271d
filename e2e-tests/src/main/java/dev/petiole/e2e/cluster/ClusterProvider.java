package dev.petiole.e2e.cluster;

/// One way to come by a cluster.
interface ClusterProvider {

    /// A running cluster, or why this way is closed.
    ClusterSearch provide(ClusterRequest request);
}
