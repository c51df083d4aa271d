package dev.petiole.registry.configuration;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;

/// Knows what the author of the current request could create and read in the cluster by themselves: nobody gets more
/// through a Configuration. At the Kubernetes API an admission policy asks the same.
public interface Authorship {

    /// @throws dev.petiole.registry.problem.Refusal if they could not create what this would have made for them, or not
    ///     read what it would have read, by its field
    void demand(ConfigurationKey key, ConfigurationSpec spec);

    /// @return whether they speak for the cluster, and so say which objects are in it. Anyone else who names an
    /// object's
    ///     UID has read it somewhere
    boolean speaksForTheCluster();
}
