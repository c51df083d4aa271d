package dev.petiole.registry.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/// An OpenID Connect provider as far as a resource server meets it: its discovery document, its keys, and JWTs.
final class OidcIssuer implements AutoCloseable {

    private static final int KEY_BITS = 2048;

    private final HttpServer server;
    private final RSAKey key;

    private OidcIssuer(HttpServer server, RSAKey key) {
        this.server = server;
        this.key = key;
    }

    static OidcIssuer start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var issuer = new OidcIssuer(server, newKey("current"));
        server.createContext("/.well-known/openid-configuration", exchange -> answer(exchange, issuer.document()));
        server.createContext("/keys", exchange -> answer(exchange, new JWKSet(issuer.key).toString()));
        server.start();
        return issuer;
    }

    static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(KEY_BITS).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// A token that is valid for an hour.
    String token(String subject, String... roles) {
        return sign(claims(subject).claim("roles", List.of(roles)).build(), key);
    }

    /// Claims of a valid token, to be changed.
    JWTClaimsSet.Builder claims(String subject) {
        return new JWTClaimsSet.Builder()
                .issuer(uri())
                .subject(subject)
                .audience("petiole")
                .expirationTime(Date.from(Instant.now().plusSeconds(3600)));
    }

    String sign(JWTClaimsSet claims) {
        return sign(claims, key);
    }

    static String sign(JWTClaimsSet claims, RSAKey key) {
        try {
            var jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private String document() {
        return JSONObjectUtils.toJSONString(Map.of(
                "issuer", uri(),
                "jwks_uri", uri() + "/keys",
                "authorization_endpoint", uri() + "/authorize",
                "token_endpoint", uri() + "/token",
                "response_types_supported", List.of("code"),
                "subject_types_supported", List.of("public"),
                "id_token_signing_alg_values_supported", List.of("RS256")));
    }

    private static void answer(HttpExchange exchange, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
