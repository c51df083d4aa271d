package dev.petiole.registry.problem;

/// There is no such thing.
public final class NotFound extends Refusal {

    private static final long serialVersionUID = 1L;

    /// @param what such as `device petiole.dev/default/scale-abc`
    public NotFound(String what) {
        super(ProblemType.NOT_FOUND, "There is no " + what + ".");
    }
}
