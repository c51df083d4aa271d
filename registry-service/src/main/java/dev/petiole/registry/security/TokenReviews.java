package dev.petiole.registry.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/// Tells callers by their ServiceAccount's token, as Kubernetes judges it. A judgement is believed for a short time, so
/// that the API server is not asked about every request; a token is never kept, only its digest.
final class TokenReviews implements AuthenticationManager {

    private static final int MAX_CACHED = 10_000;

    private final TokenReviewClient client;
    private final SecurityProperties properties;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    TokenReviews(TokenReviewClient client, SecurityProperties properties, Clock clock) {
        this.client = client;
        this.properties = properties;
        this.clock = clock;
    }

    private record Known(Caller caller, Instant until) {}

    @Override
    public Authentication authenticate(Authentication authentication) {
        String token = ((BearerTokenAuthenticationToken) authentication).getToken();
        String digest = digest(token);
        Instant now = clock.instant();
        Known cached = known.get(digest);
        if (cached != null && now.isBefore(cached.until())) {
            return cached.caller();
        }
        Caller caller = client.review(token);
        if (known.size() >= MAX_CACHED) {
            known.clear();
        }
        known.values().removeIf(each -> !now.isBefore(each.until()));
        known.put(digest, new Known(caller, now.plus(properties.cacheFor())));
        return caller;
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
