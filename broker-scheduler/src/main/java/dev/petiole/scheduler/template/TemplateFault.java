package dev.petiole.scheduler.template;

/// A template can't be filled in.
public final class TemplateFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// @param message names the field, what is wrong there, and the remedy
    public TemplateFault(String message) {
        super(message);
    }

    TemplateFault at(String field) {
        return new TemplateFault(field + ": " + getMessage());
    }
}
