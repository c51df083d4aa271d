package dev.petiole.registry.security;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/// Whose token came with a request.
final class Caller extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1L;

    private final transient Actor actor;
    private final transient @Nullable KubernetesUser user;

    /// @param user null if the cluster does not know them
    Caller(Actor actor, @Nullable KubernetesUser user) {
        super(List.of());
        this.actor = actor;
        this.user = user;
        super.setAuthenticated(true);
    }

    Actor actor() {
        return actor;
    }

    Optional<KubernetesUser> user() {
        return Optional.ofNullable(user);
    }

    @Override
    public String getPrincipal() {
        return actor.name();
    }

    /// @return nothing: a token is not kept
    @Override
    public String getCredentials() {
        return "";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
