package dev.petiole.registry.configuration;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refusal;

/// The Configuration is edited in another place.
final class ManagedElsewhere extends Refusal {

    private static final long serialVersionUID = 1L;

    private ManagedElsewhere(ProblemType type, String message) {
        super(type, message);
    }

    static ManagedElsewhere inKubernetes(ConfigurationKey key) {
        return new ManagedElsewhere(
                ProblemType.MANAGED_BY_KUBERNETES,
                "Kubernetes manages the Configuration " + key + "; edit it there: kubectl edit configurations."
                        + key.group() + " " + key.name() + " --namespace " + key.namespace());
    }

    static ManagedElsewhere inRegistry(ConfigurationKey key) {
        return new ManagedElsewhere(
                ProblemType.MANAGED_BY_REGISTRY,
                "The Configuration " + key + " was made over REST; edit it there, or delete it there first.");
    }
}
