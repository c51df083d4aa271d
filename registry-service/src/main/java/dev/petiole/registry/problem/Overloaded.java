package dev.petiole.registry.problem;

/// The registry has more to do than it can hold, or is stopping; the same request succeeds later.
public final class Overloaded extends Refusal {

    private static final long serialVersionUID = 1L;

    public Overloaded(String message) {
        super(ProblemType.OVERLOADED, message);
    }
}
