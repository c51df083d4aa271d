package dev.petiole.e2e.cluster;

import dev.petiole.e2e.process.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// A running Kubernetes cluster. Safe for use by several threads.
public interface Cluster extends AutoCloseable {

    /// Where it comes from, in a few words.
    String description();

    Path kubeconfig();

    Kubectl kubectl();

    Set<Capability> capabilities();

    /// Imports docker-archive images into every node, skipping what is there.
    void load(List<Path> images);

    /// The names of its nodes, sorted.
    default List<String> nodes() {
        return kubectl().names("nodes");
    }

    default boolean can(Capability capability) {
        return capabilities().contains(capability);
    }

    /// Runs a command among a node's processes and mounts. Needs [Capability#NODE_COMMANDS].
    default Result onNode(String node, String... command) {
        throw new UnsupportedOperationException("%s: no commands on nodes".formatted(description()));
    }

    /// Cuts a node's power: nothing on it gets a chance to say goodbye. Needs [Capability#NODE_POWER].
    default void stopNode(String node) {
        throw new UnsupportedOperationException("%s: no power switch".formatted(description()));
    }

    /// Restores a node's power; its disk is as it was. Needs [Capability#NODE_POWER].
    default void startNode(String node) {
        throw new UnsupportedOperationException("%s: no power switch".formatted(description()));
    }

    /// Takes it away if it was started for this run; a cluster that was there before stays.
    @Override
    void close();
}
