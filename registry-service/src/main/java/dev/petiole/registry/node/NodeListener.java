package dev.petiole.registry.node;

import dev.petiole.registry.revision.WriteTransaction;

/// Hears of a node's fate, inside the transaction that brings it about.
public interface NodeListener {

    /// Its lease has lapsed.
    default void nodeFellSilent(WriteTransaction transaction, String node) {}

    /// The discovery service that had fallen silent is heard again: what it said holds again.
    default void nodeReturned(WriteTransaction transaction, String node) {}

    /// It is silent, and nothing that ran on it before runs any more.
    default void nodeFenced(WriteTransaction transaction, String node) {}

    /// It exists no more.
    default void nodeGone(WriteTransaction transaction, String node) {}

    /// While a new database is being filled: which nodes have yet to be heard may have changed.
    default void nodesHeard(WriteTransaction transaction) {}

    /// The facts of some nodes have changed.
    default void nodeFactsChanged(WriteTransaction transaction) {}
}
