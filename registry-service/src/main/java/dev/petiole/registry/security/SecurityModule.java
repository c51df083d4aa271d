package dev.petiole.registry.security;

import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Problems;
import dev.petiole.registry.security.SecurityProperties.Mode;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import tools.jackson.databind.json.JsonMapper;

/// Who may do what. Reads are open to everybody for now; writes are for the services alone, each for its own part.
@Configuration(proxyBeanMethods = false)
class SecurityModule {

    private static final Logger log = LoggerFactory.getLogger(SecurityModule.class);

    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
    private static final String AGENTS = "/api/v1/agents/{node}/**";
    private static final String CONFIGURATIONS = "/api/v1/configurations/**";
    private static final String INBOX = "/api/v1/inbox/**";
    private static final String ADMISSION = "/api/v1/devices/**";
    private static final String CLUSTER = "/api/v1/cluster";

    @Bean
    @Order(1)
    SecurityFilterChain reads(HttpSecurity http) {
        plain(http)
                .securityMatcher(SecurityModule::isRead)
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll());
        return http.build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain writes(
            HttpSecurity http, SecurityProperties properties, Problems problems, JsonMapper json, Clock clock) {
        plain(http);
        if (properties.mode() == Mode.NONE) {
            log.atWarn().log("anybody who reaches the registry may write: petiole.security.mode is none");
            http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll());
            return http.build();
        }
        AuthenticationEntryPoint refusal = (request, response, failure) -> {
            boolean isOurFault = failure instanceof AuthenticationServiceException;
            problems.send(
                    request,
                    response,
                    isOurFault ? ProblemType.AUTHENTICATION_UNAVAILABLE : ProblemType.UNAUTHORIZED,
                    isOurFault
                            ? String.valueOf(failure.getMessage())
                            : "Writing needs a bearer token made for the audience " + properties.audience()
                                    + " that is valid now.");
        };
        AccessDeniedHandler denial = (request, response, _) -> problems.send(
                request,
                response,
                ProblemType.FORBIDDEN,
                "This caller may not do that: discovery services write for their own node alone, Configurations and "
                        + "the cluster's nodes are written by the broker-scheduler.");
        var reviews = new TokenReviews(new TokenReviewClient(properties, json), properties, clock);
        var tokens = new BearerTokenAuthenticationFilter(reviews);
        tokens.setAuthenticationEntryPoint(refusal);
        tokens.setAuthenticationFailureHandler(refusal::commence);
        http.addFilterBefore(tokens, AuthorizationFilter.class)
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(refusal).accessDeniedHandler(denial))
                .authorizeHttpRequests(requests -> requests.requestMatchers(AGENTS)
                        .access(agentOfItsNode(properties.discoveryUser()))
                        .requestMatchers(HttpMethod.PUT, CONFIGURATIONS, CLUSTER, ADMISSION)
                        .access(callerThat(caller -> caller.is(properties.schedulerUser())))
                        .requestMatchers(HttpMethod.POST, CONFIGURATIONS, INBOX)
                        .access(callerThat(caller -> caller.is(properties.schedulerUser())))
                        .requestMatchers(HttpMethod.PATCH, CONFIGURATIONS)
                        .access(callerThat(caller -> caller.is(properties.schedulerUser())))
                        .requestMatchers(HttpMethod.DELETE, CONFIGURATIONS)
                        .access(callerThat(caller -> caller.is(properties.schedulerUser())))
                        .anyRequest()
                        .denyAll());
        return http.build();
    }

    private static HttpSecurity plain(HttpSecurity http) {
        // No cookies and no sessions, so there is nothing to forge.
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
    }

    private static boolean isRead(HttpServletRequest request) {
        return READS.contains(request.getMethod());
    }

    private static AuthorizationManager<RequestAuthorizationContext> agentOfItsNode(String user) {
        return (authentication, context) -> new AuthorizationDecision(authentication.get() instanceof Caller caller
                && caller.is(user)
                && caller.isOn(String.valueOf(context.getVariables().get("node"))));
    }

    private static AuthorizationManager<RequestAuthorizationContext> callerThat(Predicate<Caller> isAllowed) {
        return (authentication, _) ->
                new AuthorizationDecision(authentication.get() instanceof Caller caller && isAllowed.test(caller));
    }
}
