package dev.petiole.registry.revision;

import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refusal;

/// What a writer has seen is not how things are.
public final class PreconditionFailed extends Refusal {

    private static final long serialVersionUID = 1L;

    private PreconditionFailed(String message) {
        super(ProblemType.PRECONDITION_FAILED, message);
    }

    static PreconditionFailed changed(String what) {
        return new PreconditionFailed(
                "The " + what + " has been changed since, or the tag belongs to another database: "
                        + "read it anew, and decide again.");
    }

    static PreconditionFailed absent(String what) {
        return new PreconditionFailed("There is no " + what + " any more; send no If-Match to create it.");
    }
}
