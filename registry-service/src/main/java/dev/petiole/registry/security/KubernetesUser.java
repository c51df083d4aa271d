package dev.petiole.registry.security;

import java.util.List;

/// By which names the cluster's authorizer knows a caller.
record KubernetesUser(String name, List<String> groups) {

    KubernetesUser {
        groups = List.copyOf(groups);
    }
}
