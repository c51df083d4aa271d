package dev.petiole.registry.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.registry.testing.RunningRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/// What one caller may ask for, and what is written down of it. Callers come from a real OpenID Connect issuer's keys.
@ExtendWith(OutputCaptureExtension.class)
class LimitsIT {

    @TempDir
    private static Path directory;

    private static OidcIssuer issuer;
    private static RunningRegistry registry;
    private static HttpClient http;

    @BeforeAll
    static void start() throws IOException {
        issuer = OidcIssuer.start();
        registry = RunningRegistry.start(
                directory,
                "petiole.security.mode=oidc",
                "petiole.security.anonymous-role=viewer",
                "petiole.security.oidc.issuer=" + issuer.uri(),
                "petiole.limits.person.requests-per-second=1",
                "petiole.limits.person.burst=20",
                "petiole.limits.person.watches=2",
                // A closed watch is noticed when something is written to it.
                "petiole.watch.heartbeat=500ms");
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.shutdownNow(); // Watches may still be open.
        registry.close();
        issuer.close();
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeBackAndOthersGoOn() throws Exception {
        String eager = issuer.token("eager", "viewer");
        HttpResponse<String> answer = get("/api/v1/nodes", eager);
        for (int i = 0; i < 40 && answer.statusCode() == 200; i++) {
            answer = get("/api/v1/nodes", eager);
        }

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.body()).contains("too-many-requests", "oidc:eager");
        assertThat(Integer.parseInt(answer.headers().firstValue("Retry-After").orElseThrow()))
                .isPositive();
        assertThat(get("/api/v1/nodes", issuer.token("patient", "viewer")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aCallerHasSoManyWatchesOpenAndNoMore() throws Exception {
        String watcher = issuer.token("watcher", "viewer");
        try (InputStream _ = watch(watcher).body();
                InputStream second = watch(watcher).body()) {
            assertThat(watch(watcher).statusCode()).isEqualTo(429);
            assertThat(watch(issuer.token("another", "viewer")).statusCode()).isEqualTo(200);

            second.close();
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() -> {
                        HttpResponse<InputStream> again = watch(watcher);
                        again.body().close();
                        assertThat(again.statusCode()).isEqualTo(200);
                    });
        }
    }

    @Test
    void everyAttemptToWriteIsWrittenDownWithoutTheToken(CapturedOutput output) throws Exception {
        String token = issuer.token("mallory", "viewer");
        HttpRequest request = HttpRequest.newBuilder(
                        registry.uri().resolve("/api/v1/configurations/petiole.dev/shop/scales"))
                .DELETE()
                .header("Authorization", "Bearer " + token)
                .build();

        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(403);

        // It is written when the answer is out.
        await().untilAsserted(() -> assertThat(output.getOut())
                .contains("petiole.audit")
                .contains("caller=\"oidc:mallory\"", "method=\"DELETE\"", "configurations/petiole.dev/shop/scales")
                .contains("status=\"403\""));
        assertThat(output.getOut()).doesNotContain(token);
    }

    private static HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        return http.send(request(path, token).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<InputStream> watch(String token) throws IOException, InterruptedException {
        return http.send(
                request("/api/v1/devices", token)
                        .header("Accept", "text/event-stream")
                        .build(),
                BodyHandlers.ofInputStream());
    }

    private static HttpRequest.Builder request(String path, String token) {
        return HttpRequest.newBuilder(registry.uri().resolve(path)).header("Authorization", "Bearer " + token);
    }
}
