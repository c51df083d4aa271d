package dev.petiole.discovery.external;

/// A handler says what can't be.
final class MisbehavingHandler extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MisbehavingHandler(String message) {
        super(message);
    }
}
