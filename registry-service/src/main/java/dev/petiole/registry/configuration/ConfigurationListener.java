package dev.petiole.registry.configuration;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.registry.revision.WriteTransaction;
import java.util.Optional;

/// Hears of changes to Configurations, inside the transaction that makes them.
public interface ConfigurationListener {

    /// Its spec, or the set of nodes it is for, has changed.
    default void configurationChanged(
            WriteTransaction transaction, ConfigurationRecord before, ConfigurationRecord after) {}

    /// @return another namespace in which something is left of a removed Configuration of this name
    default Optional<String> findRemains(ConfigurationKey key) {
        return Optional.empty();
    }

    /// It is about to be removed.
    default void configurationRemoved(WriteTransaction transaction, ConfigurationRecord configuration) {}
}
