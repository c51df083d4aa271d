package dev.petiole.registry.configuration;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refusal;

/// There is a Configuration of this key.
final class AlreadyExists extends Refusal {

    private static final long serialVersionUID = 1L;

    AlreadyExists(ConfigurationKey key) {
        super(
                ProblemType.ALREADY_EXISTS,
                "There is a Configuration " + key + " already; read it, and change it with PUT or PATCH.");
    }
}
