package dev.petiole.registry.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.petiole.registry.testing.RunningRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whom the registry lets in by an OpenID Connect provider's tokens, and whom not.
class OidcIT {

    private static final String NODES = "/api/v1/nodes";

    @TempDir
    private static Path directory;

    private static OidcIssuer issuer;
    private static RunningRegistry registry;

    @BeforeAll
    static void start() throws IOException {
        issuer = OidcIssuer.start();
        registry = RunningRegistry.start(
                directory,
                "petiole.security.mode=oidc",
                "petiole.security.oidc.issuer=" + issuer.uri(),
                "petiole.security.oidc.roles-claim=realm_access.roles",
                "petiole.security.oidc.admins=device-admin,owner");
    }

    @AfterAll
    static void stop() {
        registry.close();
        issuer.close();
    }

    @Test
    void theClaimGivesTheRole() throws Exception {
        assertThat(get(withRoles("viewer"))).isEqualTo(200);
        assertThat(get(withRoles("owner"))).isEqualTo(200);
        assertThat(get(withRoles("admin"))).isEqualTo(403);
        assertThat(get(withRoles())).isEqualTo(403);
        assertThat(delete(withRoles("viewer"))).isEqualTo(403);
        assertThat(delete(withRoles("device-admin"))).isNotIn(401, 403);
    }

    @Test
    void aTokenMustBeOfTheIssuerForUsValidNowAndSigned() throws Exception {
        JWTClaimsSet good = issuer.claims("ada")
                .claim("realm_access", Map.of("roles", List.of("viewer")))
                .build();
        assertThat(get(issuer.sign(good))).isEqualTo(200);

        assertThat(get(issuer.sign(but(good).audience("another").build()))).isEqualTo(401);
        assertThat(get(issuer.sign(but(good).issuer("https://elsewhere.example").build())))
                .isEqualTo(401);
        assertThat(get(issuer.sign(but(good)
                        .expirationTime(Date.from(Instant.now().minusSeconds(600)))
                        .build())))
                .isEqualTo(401);
        assertThat(get(issuer.sign(but(good)
                        .notBeforeTime(Date.from(Instant.now().plusSeconds(600)))
                        .build())))
                .isEqualTo(401);
        assertThat(get(OidcIssuer.sign(good, OidcIssuer.newKey("current")))).isEqualTo(401);
        assertThat(get(new PlainJWT(good).serialize())).isEqualTo(401);
        assertThat(get("no-token-at-all")).isEqualTo(401);
    }

    @Test
    void whenTheIssuerCanNotBeAskedNobodyIsRefusedForGood(@TempDir Path other) throws Exception {
        OidcIssuer gone = OidcIssuer.start();
        String token = gone.token("ada", "viewer");
        gone.close();

        try (RunningRegistry lonely = RunningRegistry.start(
                other, "petiole.security.mode=oidc", "petiole.security.oidc.issuer=" + gone.uri())) {
            assertThat(send(lonely, "GET", NODES, token)).isEqualTo(503);
        }
    }

    private static JWTClaimsSet.Builder but(JWTClaimsSet claims) {
        return new JWTClaimsSet.Builder(claims);
    }

    private static String withRoles(String... roles) {
        return issuer.sign(issuer.claims("ada")
                .claim("realm_access", Map.of("roles", List.of(roles)))
                .build());
    }

    private static int get(String token) throws IOException, InterruptedException {
        return send(registry, "GET", NODES, token);
    }

    private static int delete(String token) throws IOException, InterruptedException {
        return send(registry, "DELETE", "/api/v1/configurations/petiole.dev/shop/none", token);
    }

    private static int send(RunningRegistry to, String method, String path, String token)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(to.uri().resolve(path))
                    .method(method, BodyPublishers.noBody())
                    .header("Authorization", "Bearer " + token)
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }
}
