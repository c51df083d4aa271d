package dev.petiole.e2e.cluster;

/// What a test may ask of a cluster beyond the Kubernetes API.
public enum Capability {
    /// More than one node.
    SEVERAL_NODES,
    /// Commands run on a node, beside its kubelet.
    NODE_COMMANDS,
    /// A node's power can be cut and restored.
    NODE_POWER
}
