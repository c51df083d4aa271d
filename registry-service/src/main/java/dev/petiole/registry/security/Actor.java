package dev.petiole.registry.security;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who makes a request, as far as the registry's records tell: by name, never by token.
///
/// @param name as Kubernetes or the identity provider calls them, such as `system:serviceaccount:shop:portal`;
///     `anonymous` where nobody logs in
/// @param roles what they may do; included roles are listed, too
/// @param node the node that the token is bound to; null if to none
record Actor(String name, Set<Role> roles, @Nullable String node) {

    /// The name of everybody where nobody logs in.
    static final String ANONYMOUS = "anonymous";

    Actor {
        roles = Set.copyOf(roles);
    }

    /// @param granted the roles that were granted; those they include are added
    static Actor of(String name, Set<Role> granted, @Nullable String node) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (Role role : Role.values()) {
            if (granted.stream().anyMatch(each -> each.includes(role))) {
                roles.add(role);
            }
        }
        return new Actor(name, roles, node);
    }

    boolean is(Role role) {
        return roles.contains(role);
    }
}
