package dev.petiole.registry.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/// Tells callers by their ServiceAccount's token, as Kubernetes judges it. A judgement is believed for a short time, so
/// that the API server is not asked about every request; a token is never kept, only its digest.
final class TokenReviews implements AuthenticationManager {

    private static final int MAX_CACHED = 10_000;

    private final KubernetesReviews client;
    private final Cache<String, Caller> known;

    TokenReviews(KubernetesReviews client, SecurityProperties properties) {
        this.client = client;
        this.known = Caffeine.newBuilder()
                .maximumSize(MAX_CACHED)
                .expireAfterWrite(properties.cacheFor())
                .build();
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        String token = ((BearerTokenAuthenticationToken) authentication).getToken();
        return known.get(digest(token), _ -> client.review(token));
    }

    private static String digest(String token) {
        try {
            byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
