package dev.petiole.discovery.kubelet.deviceplugin;

/// The kubelet did not take a resource.
final class RegistrationFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RegistrationFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
