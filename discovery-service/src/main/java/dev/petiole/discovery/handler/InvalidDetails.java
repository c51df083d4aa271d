package dev.petiole.discovery.handler;

/// A Configuration tells a handler something it can't do. The message names the field and the remedy.
public final class InvalidDetails extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InvalidDetails(String message) {
        super(message);
    }

    public InvalidDetails(String message, Throwable cause) {
        super(message, cause);
    }
}
