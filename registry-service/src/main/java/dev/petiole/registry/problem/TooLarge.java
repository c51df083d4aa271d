package dev.petiole.registry.problem;

/// What was sent is larger than the registry takes.
public final class TooLarge extends Refusal {

    private static final long serialVersionUID = 1L;

    public TooLarge(String message) {
        super(ProblemType.TOO_LARGE, message);
    }
}
