package dev.petiole.registry.security;

import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Problems;
import dev.petiole.registry.security.CallerLimits.Share;
import dev.petiole.registry.security.LimitProperties.Limit;
import dev.petiole.registry.security.SecurityProperties.Mode;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

/// Who calls, and what they may do: tokens of Kubernetes and of an identity provider, roles, and nothing by default.
@Configuration(proxyBeanMethods = false)
class SecurityModule {

    private static final Logger log = LoggerFactory.getLogger(SecurityModule.class);

    /// Swagger UI brings its own scripts and styles, and puts some styles into the page.
    private static final String CONTENT_POLICY =
            "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
                    + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'";

    @Bean
    SecurityFilterChain requests(
            HttpSecurity http,
            SecurityProperties properties,
            LimitProperties limits,
            Actors actors,
            Problems problems,
            LimitMeters meters,
            ObjectProvider<KubernetesReviews> reviews) {
        plain(http, properties);
        http.addFilterAfter(new AuditLog(actors), SecurityContextHolderFilter.class);
        if (properties.mode() == Mode.NONE) {
            log.atWarn().log("anybody who reaches the registry may do everything: petiole.security.mode is none");
            http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll());
            return http.build();
        }
        AuthenticationEntryPoint refusal = refusal(properties, problems);
        AccessDeniedHandler denial = (request, response, _) -> problems.send(
                request,
                response,
                ProblemType.FORBIDDEN,
                "This caller may not do that: viewers read, operators decide about devices, admins write Configurations; "
                        + "discovery services speak for their own node alone. GET /api/v1/me tells your roles.");
        var tokens = new BearerTokenAuthenticationFilter(judge(properties, reviews));
        tokens.setAuthenticationEntryPoint(refusal);
        tokens.setAuthenticationFailureHandler(refusal::commence);
        http.addFilterAfter(byAddress(limits, problems, meters), AuditLog.class)
                .addFilterBefore(tokens, AuthorizationFilter.class)
                .addFilterBefore(byCaller(limits, actors, problems, meters), AuthorizationFilter.class)
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(refusal).accessDeniedHandler(denial))
                .authorizeHttpRequests(new Permissions(properties.anonymous())::apply);
        return http.build();
    }

    private static CallerLimits byAddress(LimitProperties limits, Problems problems, LimitMeters meters) {
        Limit limit = limits.address().limit();
        return new CallerLimits(
                request -> new Share("The address " + request.getRemoteAddr(), limit), problems, meters);
    }

    private static CallerLimits byCaller(LimitProperties limits, Actors actors, Problems problems, LimitMeters meters) {
        Limit person = limits.person().limit();
        Limit service = limits.service().limit();
        return new CallerLimits(
                request -> {
                    Actor actor = actors.current();
                    if (actor.name().equals(Actor.ANONYMOUS)) {
                        return new Share("Anonymous at " + request.getRemoteAddr(), person);
                    }
                    boolean isService = actor.is(Role.AGENT) || actor.is(Role.SCHEDULER);
                    String where = actor.node() == null ? "" : " on " + actor.node();
                    return new Share(actor.name() + where, isService ? service : person);
                },
                problems,
                meters);
    }

    private static AuthenticationManager judge(
            SecurityProperties properties, ObjectProvider<KubernetesReviews> reviews) {
        AuthenticationManager others = properties.mode() == Mode.OIDC
                ? _ -> {
                    throw new InvalidBearerTokenException("The token is of another issuer.");
                }
                : new TokenReviews(reviews.getObject(), properties);
        if (properties.oidc() == null) {
            return others;
        }
        var oidc = new OidcTokens(properties.oidc());
        return authentication -> oidc.isMine(((BearerTokenAuthenticationToken) authentication).getToken())
                ? oidc.authenticate(authentication)
                : others.authenticate(authentication);
    }

    private static AuthenticationEntryPoint refusal(SecurityProperties properties, Problems problems) {
        String wanted = properties.mode() == Mode.OIDC || properties.oidc() != null
                ? "This needs a bearer token that is valid now: of a Kubernetes user for the audience "
                        + properties.audience() + ", or of the identity provider."
                : "This needs a bearer token that is valid now, made for the audience " + properties.audience()
                        + ", such as by kubectl create token <serviceaccount> --audience " + properties.audience()
                        + ".";
        return (request, response, failure) -> {
            boolean isOurFault = failure instanceof AuthenticationServiceException;
            problems.send(
                    request,
                    response,
                    isOurFault ? ProblemType.AUTHENTICATION_UNAVAILABLE : ProblemType.UNAUTHORIZED,
                    isOurFault ? String.valueOf(failure.getMessage()) : wanted);
        };
    }

    private static void plain(HttpSecurity http, SecurityProperties properties) {
        // No cookies and no sessions, so there is nothing to forge.
        http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_POLICY))
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                        .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny)
                        .cacheControl(HeadersConfigurer.CacheControlConfig::disable));
        if (properties.allowedOrigins().isEmpty()) {
            http.cors(AbstractHttpConfigurer::disable);
        } else {
            http.cors(cors -> cors.configurationSource(origins(properties.allowedOrigins())));
        }
    }

    private static UrlBasedCorsConfigurationSource origins(List<String> allowed) {
        var rules = new CorsConfiguration();
        rules.setAllowedOrigins(allowed);
        rules.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
        rules.setAllowedHeaders(List.of("Authorization", "Content-Type", "If-Match", "If-None-Match", "Last-Event-ID"));
        rules.setExposedHeaders(List.of("ETag", "Location", "Retry-After"));
        rules.setMaxAge(Duration.ofHours(1));
        var source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration("/api/**", rules);
        source.registerCorsConfiguration("/v3/api-docs/**", rules);
        return source;
    }
}
