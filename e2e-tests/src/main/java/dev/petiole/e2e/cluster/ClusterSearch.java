package dev.petiole.e2e.cluster;

/// How a search for a cluster ended.
public sealed interface ClusterSearch {

    record Found(Cluster cluster) implements ClusterSearch {}

    /// No cluster, and what is missing, in one line.
    record None(String reason) implements ClusterSearch {}
}
