package dev.petiole.discovery.kubelet.dra;

/// A ResourceClaim can't be prepared now. The kubelet puts the message into an Event of the Pod, and tries
/// again.
final class PreparationRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PreparationRefused(String message) {
        super(message);
    }
}
