package dev.petiole.registry.problem;

/// The registry understood a request and does not do it. It has no stack trace: the message says all there is to say.
public abstract class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemType type;

    /// @param message a sentence for people, with the remedy where there is one
    protected Refusal(ProblemType type, String message) {
        super(message, null, false, false);
        this.type = type;
    }

    public final ProblemType type() {
        return type;
    }

    /// @return the message; never null
    public final String detail() {
        return String.valueOf(getMessage());
    }
}
