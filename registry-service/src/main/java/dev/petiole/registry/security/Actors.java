package dev.petiole.registry.security;

import java.util.Optional;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/// Tells who makes the current request.
@Component
final class Actors {

    private final Actor anonymous;

    Actors(SecurityProperties properties) {
        this.anonymous = properties.anonymous();
    }

    /// @return the caller of the request that the current thread serves
    Actor current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication instanceof Caller caller ? caller.actor() : anonymous;
    }

    /// @return by which names the cluster's authorizer knows them, if it does
    Optional<KubernetesUser> kubernetesUser() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication instanceof Caller caller ? caller.user() : Optional.empty();
    }
}
