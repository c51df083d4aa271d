package dev.petiole.scheduler.kubernetes;

/// The API server understood a request and refused it.
public final class ApiRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    /// @param message the API server's own words
    ApiRefusal(int status, String reason, String message) {
        super(message);
        this.status = status;
        this.reason = reason;
    }

    /// @return the HTTP status, 4xx or 5xx
    public int status() {
        return status;
    }

    /// @return the API server's reason, such as `Invalid`
    public String reason() {
        return reason;
    }

    /// An unknown field, or one of the wrong type, is no bad request to server-side apply, but an internal error.
    private boolean isUntypable() {
        return status == 500 && String.valueOf(getMessage()).startsWith("failed to create typed patch object");
    }

    /// @return whether the fault lies in what was sent, so that only another content or another policy can help
    public boolean isFaultOfContent() {
        return status == 400 || status == 403 || status == 422 || isUntypable();
    }
}
