package dev.petiole.registry.configuration;

import dev.petiole.registry.revision.WriteTransaction;

/// Hears of changes to Configurations, inside the transaction that makes them.
public interface ConfigurationListener {

    /// Its spec, or the set of nodes it is for, has changed.
    default void configurationChanged(
            WriteTransaction transaction, ConfigurationRecord before, ConfigurationRecord after) {}

    /// It is about to be removed.
    default void configurationRemoved(WriteTransaction transaction, ConfigurationRecord configuration) {}
}
