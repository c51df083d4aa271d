package dev.petiole.e2e.installation;

/// Workloads did not get ready in time; the message says what is known of them.
public final class NotReady extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotReady(String diagnosis, Throwable cause) {
        super("not ready in time:\n" + diagnosis, cause);
    }
}
