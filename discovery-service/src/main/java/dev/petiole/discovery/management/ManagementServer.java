package dev.petiole.discovery.management;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Serves probes and metrics under the paths that Spring Boot's actuator has in the other services.
@Component
final class ManagementServer implements SmartLifecycle {

    /// First to start and last to stop, so that a slow start can be seen to go on.
    private static final int PHASE = 0;

    private static final int CONNECTIONS = 16;
    private static final int ANSWERS_AT_A_TIME = 4;
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String JSON = "application/json";

    private final ManagementProperties properties;
    private final ApplicationAvailability availability;
    private final List<ReadinessCheck> checks;
    private final PrometheusMeterRegistry metrics;
    private final Semaphore answers = new Semaphore(ANSWERS_AT_A_TIME);
    private @Nullable HttpServer server;

    ManagementServer(
            ManagementProperties properties,
            ApplicationAvailability availability,
            List<ReadinessCheck> checks,
            PrometheusMeterRegistry metrics) {
        this.properties = properties;
        this.availability = availability;
        this.checks = checks;
        this.metrics = metrics;
    }

    private record Answer(int status, String type, String body) {

        static Answer health(boolean isUp, List<String> waiting) {
            String obstacles = String.join(
                    ",", waiting.stream().map(it -> "\"" + it + "\"").toList());
            String body = isUp ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\",\"waiting\":[" + obstacles + "]}";
            return new Answer(isUp ? 200 : 503, JSON, body);
        }
    }

    @FunctionalInterface
    private interface Question {
        Answer answer();
    }

    /// @return the port it listens at while it runs
    int port() {
        HttpServer running = server;
        if (running == null) {
            throw new IllegalStateException("the management server does not run");
        }
        return running.getAddress().getPort();
    }

    @Override
    public void start() {
        HttpServer started;
        try {
            started = HttpServer.create(new InetSocketAddress(properties.port()), CONNECTIONS);
        } catch (IOException e) {
            throw new UncheckedIOException("petiole.management.port: " + properties.port() + " can't be served", e);
        }
        started.setExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("management-", 0).factory()));
        started.createContext("/", handler("/", () -> new Answer(404, JSON, "{}")));
        started.createContext("/actuator/health", handler("/actuator/health", this::readiness));
        started.createContext("/actuator/health/readiness", handler("/actuator/health/readiness", this::readiness));
        started.createContext("/actuator/health/liveness", handler("/actuator/health/liveness", this::liveness));
        started.createContext(
                "/actuator/prometheus", handler("/actuator/prometheus", () -> new Answer(200, TEXT, metrics.scrape())));
        started.start();
        server = started;
    }

    private Answer liveness() {
        return Answer.health(availability.getLivenessState() == LivenessState.CORRECT, List.of("start"));
    }

    private Answer readiness() {
        List<String> waiting =
                checks.stream().flatMap(check -> check.findObstacle().stream()).toList();
        boolean isAccepting = availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
        return Answer.health(isAccepting && waiting.isEmpty(), waiting);
    }

    private HttpHandler handler(String path, Question question) {
        return exchange -> {
            try (exchange) {
                answers.acquire();
                try {
                    // A context also gets what is below its path.
                    boolean isMeant = path.equals("/")
                            || exchange.getRequestURI().getPath().equals(path);
                    respond(exchange, isMeant ? question.answer() : new Answer(404, JSON, "{}"));
                } finally {
                    answers.release();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static void respond(HttpExchange exchange, Answer answer) throws IOException {
        if (!List.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
            exchange.sendResponseHeaders(405, -1);
            return;
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), isHead ? -1 : body.length);
        if (!isHead) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void stop() {
        HttpServer running = server;
        server = null;
        if (running != null) {
            running.stop(0);
        }
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
