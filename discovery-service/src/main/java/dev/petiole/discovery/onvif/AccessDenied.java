package dev.petiole.discovery.onvif;

/// A device does not answer a question to whom it takes us for.
final class AccessDenied extends Exception {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    AccessDenied(Reason reason) {
        super(reason.name());
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    /// Why not.
    enum Reason {
        /// It wants a user, and there is none for it.
        NO_CREDENTIALS,
        /// There is a user for it, but what it said when it was last shown is not forgotten yet, or is being said now.
        REJECTED,
        /// It knows the user, who may not ask this.
        NOT_PERMITTED,
        /// It wants the user, and can't be told in a safe way: its certificate is not trusted, or it knows Basic alone.
        UNSAFE
    }
}
