package dev.petiole.registry.security;

import com.nimbusds.jwt.JWTParser;
import dev.petiole.registry.security.SecurityProperties.Oidc;
import java.text.ParseException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/// Tells people and portals by the JWTs of an OpenID Connect provider: signature, issuer, audience and time are
/// checked; a claim gives the role.
final class OidcTokens implements AuthenticationManager {

    private final Oidc oidc;
    private final JwtDecoder decoder;

    OidcTokens(Oidc oidc) {
        this.oidc = oidc;
        // Asked when the first token comes, and again if it failed: the provider need not be there when we start.
        this.decoder = new SupplierJwtDecoder(() -> {
            NimbusJwtDecoder nimbus =
                    NimbusJwtDecoder.withIssuerLocation(oidc.issuer()).build();
            nimbus.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                    JwtValidators.createDefaultWithIssuer(oidc.issuer()), new JwtAudienceValidator(oidc.audience())));
            return nimbus;
        });
    }

    /// @return whether a token says that it is of this provider; nothing of it has been checked
    boolean isMine(String token) {
        try {
            return oidc.issuer().equals(JWTParser.parse(token).getJWTClaimsSet().getIssuer());
        } catch (ParseException _) {
            return false; // Not a JWT, so it is another's to judge.
        }
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        Jwt jwt = decode(((BearerTokenAuthenticationToken) authentication).getToken());
        @Nullable String name = jwt.getClaimAsString(oidc.usernameClaim());
        if (name == null || name.isBlank()) {
            throw new InvalidBearerTokenException("The token has no claim " + oidc.usernameClaim() + ".");
        }
        List<String> values = strings(claim(jwt.getClaims(), oidc.rolesClaim()));
        String user = oidc.usernamePrefix() + name;
        return new Caller(
                Actor.of(user, oidc.rolesOf(values), null),
                oidc.kubernetesUsers() ? new KubernetesUser(user, List.of("system:authenticated")) : null);
    }

    private Jwt decode(String token) {
        try {
            return decoder.decode(token);
        } catch (BadJwtException e) {
            throw new InvalidBearerTokenException(String.valueOf(e.getMessage()), e);
        } catch (JwtException | JwtDecoderInitializationException e) {
            throw new AuthenticationServiceException(
                    "The identity provider " + oidc.issuer() + " can't be asked: " + e.getMessage(), e);
        }
    }

    private static @Nullable Object claim(Map<String, Object> claims, String path) {
        if (claims.containsKey(path)) {
            return claims.get(path);
        }
        int dot = path.indexOf('.');
        return dot > 0 && claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner
                ? claim(stringKeys(inner), path.substring(dot + 1))
                : null;
    }

    @SuppressWarnings("unchecked") // A JSON object's keys are strings.
    private static Map<String, Object> stringKeys(Map<?, ?> object) {
        return (Map<String, Object>) object;
    }

    private static List<String> strings(@Nullable Object claim) {
        return switch (claim) {
            case null -> List.of();
            case Collection<?> values -> values.stream().map(String::valueOf).toList();
            // RFC 8693 writes several scopes with blanks between them.
            case String value -> List.of(value.split(" "));
            default -> List.of();
        };
    }
}
