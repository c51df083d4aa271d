package dev.petiole.e2e.process;

import org.jspecify.annotations.Nullable;

/// A program could not be started, took too long or failed.
public final class CommandFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CommandFailed(String message) {
        this(message, null);
    }

    CommandFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
