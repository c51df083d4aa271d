package dev.petiole.discovery.external;

import io.grpc.Status;

/// A handler is not let in; the message says why, and what is expected.
final class RegistrationRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Status status;

    RegistrationRefused(Status status, String message) {
        super(message);
        this.status = status;
    }

    Status status() {
        return status.withDescription(getMessage());
    }
}
