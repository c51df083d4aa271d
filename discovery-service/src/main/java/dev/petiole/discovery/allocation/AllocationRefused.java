package dev.petiole.discovery.allocation;

/// A container can't get the devices it was promised. The message ends up in an Event of its Pod.
public final class AllocationRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AllocationRefused(String message) {
        super(message);
    }

    AllocationRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
