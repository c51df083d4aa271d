package dev.petiole.registry.inbox;

import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/// Whose decision a request is.
final class Deciders {

    /// Where nobody has to say who they are.
    static final String ANONYMOUS = "anonymous";

    private Deciders() {}

    /// @return the name of the caller of the request that this thread serves
    static String current() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return caller == null || caller instanceof AnonymousAuthenticationToken ? ANONYMOUS : caller.getName();
    }
}
