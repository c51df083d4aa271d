package dev.petiole.registry.security;

import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.HEAD;
import static org.springframework.http.HttpMethod.OPTIONS;
import static org.springframework.http.HttpMethod.PATCH;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import java.util.Arrays;
import java.util.function.BiPredicate;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/// Which role may make which request; what is not listed here nobody may.
final class Permissions {

    private static final String CONFIGURATIONS = "/api/v1/configurations";
    private static final String DEVICES = "/api/v1/devices";
    private static final String INBOX = "/api/v1/inbox/**";

    private final Actor anonymous;

    Permissions(Actor anonymous) {
        this.anonymous = anonymous;
    }

    void apply(AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests) {
        // What the API looks like is no secret; what is in it is.
        requests.requestMatchers(GET, "/", "/swagger-ui.html", "/swagger-ui/**", "/v3/api-docs/**", "/v3/api-docs.yaml")
                .permitAll()
                .requestMatchers(HEAD, "/swagger-ui.html", "/swagger-ui/**", "/v3/api-docs/**")
                .permitAll()
                .requestMatchers(OPTIONS, "/**")
                .permitAll();
        // The API server, which shows no token: it is told what the handlers' schemas say of what it sends.
        requests.requestMatchers(POST, "/admission/v1/configurations").permitAll();
        // On the management port, for the kubelet and Prometheus, which show no token.
        requests.requestMatchers(
                        GET, "/actuator/health", "/actuator/health/**", "/actuator/info", "/actuator/prometheus")
                .permitAll()
                .requestMatchers("/actuator/**")
                .access(anyOf(Role.ADMIN));
        requests.requestMatchers("/api/v1/agents/{node}/**")
                .access(allow((actor, context) -> actor.is(Role.AGENT)
                        && speaksFor(
                                actor, String.valueOf(context.getVariables().get("node")))));
        requests.requestMatchers(GET, "/api/v1/me")
                .access(allow((actor, _) -> !actor.roles().isEmpty()));
        requests.requestMatchers("/api/v1/admin/**").access(anyOf(Role.ADMIN));
        reads(requests);
        writes(requests);
        requests.anyRequest().denyAll();
    }

    private void reads(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests) {
        for (HttpMethod read : Arrays.asList(GET, HEAD)) {
            requests.requestMatchers(read, CONFIGURATIONS, DEVICES)
                    .access(allow((actor, context) -> mayReadAll(actor) || readsItsOwn(actor, context)))
                    .requestMatchers(read, "/api/v1/**")
                    .access(allow((actor, _) -> mayReadAll(actor)));
        }
    }

    private void writes(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests) {
        requests.requestMatchers(PUT, "/api/v1/cluster", CONFIGURATIONS + "/*/*/*/mirror")
                .access(anyOf(Role.SCHEDULER));
        for (HttpMethod write : Arrays.asList(PUT, POST, PATCH, DELETE)) {
            requests.requestMatchers(write, CONFIGURATIONS, CONFIGURATIONS + "/**")
                    .access(anyOf(Role.ADMIN, Role.SCHEDULER))
                    .requestMatchers(write, DEVICES, DEVICES + "/**", INBOX)
                    .access(anyOf(Role.OPERATOR, Role.SCHEDULER));
        }
    }

    private static boolean mayReadAll(Actor actor) {
        return actor.is(Role.VIEWER) || actor.is(Role.SCHEDULER);
    }

    private static boolean readsItsOwn(Actor actor, RequestAuthorizationContext context) {
        String[] nodes = context.getRequest().getParameterValues("node");
        return actor.is(Role.AGENT) && nodes != null && nodes.length == 1 && speaksFor(actor, nodes[0]);
    }

    /// The anonymous one, where it is an agent at all, is one of every node.
    private static boolean speaksFor(Actor actor, String node) {
        return node.equals(actor.node()) || actor.name().equals(Actor.ANONYMOUS);
    }

    private AuthorizationManager<RequestAuthorizationContext> anyOf(Role... roles) {
        return allow((actor, _) -> Arrays.stream(roles).anyMatch(actor::is));
    }

    private AuthorizationManager<RequestAuthorizationContext> allow(
            BiPredicate<Actor, RequestAuthorizationContext> rule) {
        return (authentication, context) -> {
            Actor actor = authentication.get() instanceof Caller caller ? caller.actor() : anonymous;
            return new AuthorizationDecision(rule.test(actor, context));
        };
    }
}
