package dev.petiole.registry.security;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/// Whose token came with a request.
final class Caller extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1L;

    private final String username;
    private final @Nullable String node;

    /// @param node the node that the token is bound to; null if to none
    Caller(String username, @Nullable String node) {
        super(List.of());
        this.username = username;
        this.node = node;
        super.setAuthenticated(true);
    }

    boolean is(String user) {
        return username.equals(user);
    }

    boolean isOn(String nodeName) {
        return nodeName.equals(node);
    }

    @Override
    public String getPrincipal() {
        return username;
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
