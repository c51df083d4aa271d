package dev.petiole.registry.security;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param mode how callers are told apart
/// @param audience the audience that tokens of Kubernetes must be made for
/// @param discoveryUser the ServiceAccount of the discovery service, as `system:serviceaccount:<namespace>:<name>`
/// @param schedulerUser the ServiceAccount of the broker-scheduler
/// @param cacheFor how long a reviewed token is believed
/// @param anonymousRole what those may do who show no token; null for nothing
/// @param subjects which users and groups of Kubernetes have which role
/// @param kubernetes where tokens are reviewed
/// @param oidc an identity provider for people and portals; null if there is none
/// @param allowedOrigins the web origins whose scripts a browser may let in (CORS), such as `https://portal.example`
@ConfigurationProperties("petiole.security")
record SecurityProperties(
        @DefaultValue("none") Mode mode,
        @DefaultValue("petiole-registry") String audience,

        @DefaultValue("system:serviceaccount:petiole:petiole-discovery-service")
        String discoveryUser,

        @DefaultValue("system:serviceaccount:petiole:petiole-broker-scheduler")
        String schedulerUser,

        @DefaultValue("1m") Duration cacheFor,
        @Nullable Role anonymousRole,
        @DefaultValue Subjects subjects,
        @DefaultValue Kubernetes kubernetes,
        @Nullable Oidc oidc,
        @DefaultValue List<String> allowedOrigins) {

    SecurityProperties {
        if (anonymousRole == Role.AGENT || anonymousRole == Role.SCHEDULER) {
            throw new IllegalArgumentException("petiole.security.anonymous-role: " + anonymousRole
                    + " (expected: viewer, operator or admin; the others are for Petiole's services)");
        }
        if (mode == Mode.OIDC && oidc == null) {
            throw new IllegalArgumentException(
                    "petiole.security.oidc.issuer: missing (expected: the identity provider's URL, as the mode is oidc)");
        }
    }

    /// @return who a caller without a token is
    Actor anonymous() {
        if (mode == Mode.NONE) {
            return new Actor(Actor.ANONYMOUS, EnumSet.allOf(Role.class), null);
        }
        Set<Role> roles = anonymousRole == null ? Set.of() : Set.of(anonymousRole);
        return Actor.of(Actor.ANONYMOUS, roles, null);
    }

    /// How callers are told apart.
    enum Mode {
        /// Everybody may do everything: for the loopback of one's own machine.
        NONE,
        /// By tokens of Kubernetes, and by those of the identity provider if there is one.
        KUBERNETES,
        /// By tokens of the identity provider alone.
        OIDC
    }

    /// Users by name, groups as `group:<name>`. ServiceAccounts are users, too:
    /// `system:serviceaccount:<namespace>:<name>`.
    record Subjects(
            @DefaultValue List<String> viewers,
            @DefaultValue List<String> operators,
            @DefaultValue List<String> admins) {

        private static final String GROUP = "group:";

        Set<Role> rolesOf(String user, List<String> groups) {
            Set<Role> roles = EnumSet.noneOf(Role.class);
            for (Role role : Arrays.asList(Role.VIEWER, Role.OPERATOR, Role.ADMIN)) {
                if (subjects(role).stream().anyMatch(subject -> isOneOf(subject, user, groups))) {
                    roles.add(role);
                }
            }
            return roles;
        }

        private List<String> subjects(Role role) {
            return switch (role) {
                case VIEWER -> viewers;
                case OPERATOR -> operators;
                case ADMIN -> admins;
                case AGENT, SCHEDULER -> List.of();
            };
        }

        private static boolean isOneOf(String subject, String user, List<String> groups) {
            return subject.startsWith(GROUP)
                    ? groups.contains(subject.substring(GROUP.length()))
                    : subject.equals(user);
        }
    }

    /// @param host of the API server, as Kubernetes tells Pods
    record Kubernetes(
            @DefaultValue("https") String scheme,
            @DefaultValue("kubernetes.default.svc") String host,
            @DefaultValue("443") int port,

            @DefaultValue("/var/run/secrets/kubernetes.io/serviceaccount/token")
            Path tokenFile,

            @DefaultValue("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt")
            Path caFile) {

        URI apiServer() {
            return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        }
    }

    /// An OpenID Connect provider (OpenID Connect Discovery 1.0): its JWTs are checked with the keys that it publishes.
    ///
    /// @param issuer its URL, exactly as in the tokens' `iss`
    /// @param audience what must be in the tokens' `aud`
    /// @param usernameClaim the claim that names the caller
    /// @param usernamePrefix put before that name, so that it is nobody's of Kubernetes; as the API server's
    ///     `--oidc-username-prefix`
    /// @param rolesClaim the claim that lists roles or groups; dots lead into objects, as in `realm_access.roles`
    /// @param viewers values of that claim that make a viewer
    /// @param operators values of that claim that make an operator
    /// @param admins values of that claim that make an admin
    record Oidc(
            String issuer,
            @DefaultValue("petiole") String audience,
            @DefaultValue("sub") String usernameClaim,
            @DefaultValue("oidc:") String usernamePrefix,
            @DefaultValue("roles") String rolesClaim,
            @DefaultValue("viewer") List<String> viewers,
            @DefaultValue("operator") List<String> operators,
            @DefaultValue("admin") List<String> admins,
            @DefaultValue("false") boolean kubernetesUsers) {

        Oidc {
            if (!issuer.startsWith("https://") && !issuer.startsWith("http://")) {
                throw new IllegalArgumentException(
                        "petiole.security.oidc.issuer: " + issuer + " (expected: the identity provider's http(s) URL)");
            }
        }

        Set<Role> rolesOf(List<String> values) {
            Set<Role> roles = EnumSet.noneOf(Role.class);
            addIf(roles, Role.VIEWER, viewers, values);
            addIf(roles, Role.OPERATOR, operators, values);
            addIf(roles, Role.ADMIN, admins, values);
            return roles;
        }

        private static void addIf(Set<Role> roles, Role role, List<String> wanted, List<String> values) {
            if (values.stream().anyMatch(wanted::contains)) {
                roles.add(role);
            }
        }
    }
}
