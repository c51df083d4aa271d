package dev.petiole.registry.client;

import org.jspecify.annotations.Nullable;

/// The registry refused a request and said why (RFC 9457).
public final class RegistryProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;

    RegistryProblem(int status, String type, @Nullable String detail) {
        super("registry answered " + status + " " + type + (detail == null ? "" : ": " + detail));
        this.status = status;
        this.type = type;
    }

    /// @return the HTTP status
    public int status() {
        return status;
    }

    /// @return the last segment of the problem's type URI, such as `session-replaced`; `about:blank` if it has none
    public String type() {
        return type;
    }
}
