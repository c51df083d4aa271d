package dev.petiole.discovery.kubernetes;

/// The Kubernetes API understood a request and refused it.
public final class KubernetesRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    KubernetesRefusal(int status, String message) {
        super(message);
        this.status = status;
    }

    /// @return the HTTP status, 4xx or 5xx
    public int status() {
        return status;
    }
}
