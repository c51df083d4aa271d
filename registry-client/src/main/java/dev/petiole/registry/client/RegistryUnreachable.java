package dev.petiole.registry.client;

/// The registry could not be reached, or did not answer in time. The request may have been carried out all the same.
public final class RegistryUnreachable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RegistryUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
