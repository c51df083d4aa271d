package dev.petiole.discovery.kubernetes;

/// The Kubernetes API could not be reached or did not answer in time. The request may have been carried out all
/// the same.
public final class KubernetesUnreachable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    KubernetesUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
