package dev.petiole.registry.configuration;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refusal;

/// A Configuration of this name is, or was, in another namespace, and the group's names are for the whole
/// cluster.
final class NameTaken extends Refusal {

    private static final long serialVersionUID = 1L;

    NameTaken(ConfigurationKey key, String how) {
        super(
                ProblemType.NAME_TAKEN,
                "The name " + key.name() + " " + how + ": what " + key.group()
                        + " makes from names ignores namespaces.");
    }
}
