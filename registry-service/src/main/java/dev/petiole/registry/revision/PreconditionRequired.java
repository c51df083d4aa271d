package dev.petiole.registry.revision;

import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refusal;

/// A change of something that is there must say what its writer has seen.
public final class PreconditionRequired extends Refusal {

    private static final long serialVersionUID = 1L;

    PreconditionRequired(String what) {
        super(
                ProblemType.PRECONDITION_REQUIRED,
                "To change the " + what + ", read it and send its ETag as If-Match (its resourceVersion in a list of "
                        + "decisions).");
    }
}
