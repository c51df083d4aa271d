package dev.petiole.discovery.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;

class ManagementServerTests {

    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ApplicationAvailabilityBean availability = new ApplicationAvailabilityBean();
    private final HttpClient client = HttpClient.newHttpClient();
    private Optional<String> obstacle = Optional.empty();
    private final ManagementServer server =
            new ManagementServer(new ManagementProperties(0), availability, List.of(() -> obstacle), metrics);

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
        client.close();
    }

    @Test
    void isNeitherAliveNorReadyBeforeTheApplicationIs() throws Exception {
        assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(503);
        assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(503);
    }

    @Test
    void readinessNamesWhatIsWaitedForWhileLivenessDoesNotMind() throws Exception {
        applicationIsUp();
        obstacle = Optional.of("for the registry");

        assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        HttpResponse<String> readiness = get("/actuator/health/readiness");
        assertThat(readiness.statusCode()).isEqualTo(503);
        assertThat(readiness.body()).contains("for the registry");

        obstacle = Optional.empty();
        assertThat(get("/actuator/health/readiness").body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(get("/actuator/health").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsAreInPrometheusText() throws Exception {
        metrics.counter("petiole.test").increment();

        HttpResponse<String> answer = get("/actuator/prometheus");

        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        assertThat(answer.body()).contains("petiole_test_total 1.0");
    }

    @Test
    void nothingElseIsThere() throws Exception {
        applicationIsUp();
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/actuator/health/other").statusCode()).isEqualTo(404);
        assertThat(get("/actuator/env").statusCode()).isEqualTo(404);
        HttpRequest post = HttpRequest.newBuilder(uri("/actuator/prometheus"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        HttpResponse<String> answer = client.send(post, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().allValues("Allow")).containsExactly("GET", "HEAD");
    }

    @Test
    void headHasTheLengthWithoutTheBody() throws Exception {
        applicationIsUp();
        HttpRequest head =
                HttpRequest.newBuilder(uri("/actuator/health")).HEAD().build();

        HttpResponse<String> answer = client.send(head, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue("{\"status\":\"UP\"}".length());
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void whatIsNoHttpIsABadRequest() throws Exception {
        try (var socket = connect()) {
            socket.getOutputStream().write("hello\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void connectionsWithoutAWordDoNotKeepProbesOut() throws Exception {
        applicationIsUp();
        var silent = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 200; i++) {
                silent.add(connect());
            }
            assertThat(get("/actuator/health").statusCode()).isEqualTo(200);
            assertThat(silent.getFirst().getInputStream().read())
                    .as("the oldest is closed")
                    .isEqualTo(-1);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        var second = new ManagementServer(new ManagementProperties(server.port()), availability, List.of(), metrics);

        assertThatThrownBy(second::start).hasMessage("petiole.management.port: " + server.port() + " can't be served");
        assertThat(second.isRunning()).isFalse();
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    private void applicationIsUp() {
        availability.onApplicationEvent(new AvailabilityChangeEvent<>(this, LivenessState.CORRECT));
        availability.onApplicationEvent(new AvailabilityChangeEvent<>(this, ReadinessState.ACCEPTING_TRAFFIC));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
