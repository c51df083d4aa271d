package dev.petiole.registry.problem;

import java.net.URI;
import org.springframework.http.HttpStatus;

/// Every kind of refusal a client can meet. Clients branch on the URI, so a slug never changes its meaning; each is
/// explained in docs/problems.md.
public enum ProblemType {
    INVALID_FIELD("invalid-field", HttpStatus.BAD_REQUEST, "The request is not valid"),
    UNAUTHORIZED("unauthorized", HttpStatus.UNAUTHORIZED, "Who are you?"),
    FORBIDDEN("forbidden", HttpStatus.FORBIDDEN, "Not allowed"),
    NOT_FOUND("not-found", HttpStatus.NOT_FOUND, "Not found"),
    SESSION_REPLACED("session-replaced", HttpStatus.CONFLICT, "The session was replaced"),
    ALREADY_EXISTS("already-exists", HttpStatus.CONFLICT, "It is there already"),
    NO_FREE_SLOT("no-free-slot", HttpStatus.CONFLICT, "No slot is free"),
    DEVICE_NOT_AVAILABLE("device-not-available", HttpStatus.CONFLICT, "The device can't be granted now"),
    RECOVERING("recovering", HttpStatus.CONFLICT, "The registry is being rebuilt"),
    MANAGED_BY_KUBERNETES("managed-by-kubernetes", HttpStatus.CONFLICT, "Kubernetes manages this Configuration"),
    MANAGED_BY_REGISTRY("managed-by-registry", HttpStatus.CONFLICT, "The registry manages this Configuration"),
    NAME_TAKEN("name-taken", HttpStatus.CONFLICT, "The name is taken"),
    WRONG_CLUSTER("wrong-cluster", HttpStatus.CONFLICT, "The registry serves another cluster"),
    GONE("gone", HttpStatus.GONE, "No longer kept"),
    PRECONDITION_FAILED("precondition-failed", HttpStatus.PRECONDITION_FAILED, "It has changed since"),
    TOO_LARGE("too-large", HttpStatus.CONTENT_TOO_LARGE, "Too large"),
    PRECONDITION_REQUIRED("precondition-required", HttpStatus.PRECONDITION_REQUIRED, "Say what you have seen"),
    TOO_MANY_REQUESTS("too-many-requests", HttpStatus.TOO_MANY_REQUESTS, "Too many requests"),
    TOO_MANY_WATCHES("too-many-watches", HttpStatus.TOO_MANY_REQUESTS, "Too many watches"),
    INTERNAL_ERROR("internal-error", HttpStatus.INTERNAL_SERVER_ERROR, "The registry failed"),
    OVERLOADED("overloaded", HttpStatus.SERVICE_UNAVAILABLE, "Too much to do"),
    AUTHENTICATION_UNAVAILABLE(
            "authentication-unavailable", HttpStatus.SERVICE_UNAVAILABLE, "The token can't be checked now");

    private static final String BASE = "https://petiole.dev/problems/";

    private final String slug;
    private final HttpStatus status;
    private final String title;

    ProblemType(String slug, HttpStatus status, String title) {
        this.slug = slug;
        this.status = status;
        this.title = title;
    }

    public String slug() {
        return slug;
    }

    public HttpStatus status() {
        return status;
    }

    public String title() {
        return title;
    }

    public URI uri() {
        return URI.create(BASE + slug);
    }
}
