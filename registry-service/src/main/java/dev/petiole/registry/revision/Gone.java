package dev.petiole.registry.revision;

import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refusal;

/// A resource version is no longer kept, or belongs to another database.
public final class Gone extends Refusal {

    private static final long serialVersionUID = 1L;

    public Gone(String resourceVersion) {
        super(
                ProblemType.GONE,
                "The resource version " + resourceVersion + " is not kept here (any more): list or watch anew.");
    }
}
