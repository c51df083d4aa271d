package dev.petiole.registry.node;

import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refusal;

/// The facts come from a cluster that this registry does not serve.
public final class WrongCluster extends Refusal {

    private static final long serialVersionUID = 1L;

    WrongCluster(String served, String other) {
        super(
                ProblemType.WRONG_CLUSTER,
                "This registry serves the cluster " + served + ", not " + other
                        + ": give each cluster a registry of its own, or begin with an empty database.");
    }
}
