package dev.petiole.scheduler.kubernetes;

/// The API server could not be reached or did not answer in time. The request may have been carried out all the same.
public final class ApiUnreachable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ApiUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
