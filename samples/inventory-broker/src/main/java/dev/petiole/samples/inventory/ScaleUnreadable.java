package dev.petiole.samples.inventory;

/// The scale does not answer, or what it answers is no weight.
final class ScaleUnreadable extends Exception {

    private static final long serialVersionUID = 1L;

    ScaleUnreadable(String message) {
        super(message);
    }

    ScaleUnreadable(String message, Throwable cause) {
        super(message, cause);
    }
}
