package dev.petiole.discovery.management;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
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

    private final ManagementProperties properties;
    private final ApplicationAvailability availability;
    private final List<ReadinessCheck> checks;
    private final PrometheusMeterRegistry metrics;
    private @Nullable HttpListener listener;

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

    /// @return the port it listens at while it runs
    int port() {
        HttpListener running = listener;
        if (running == null) {
            throw new IllegalStateException("the management server does not run");
        }
        return running.port();
    }

    @Override
    public void start() {
        try {
            listener = new HttpListener(properties.port(), this::answer);
        } catch (IOException e) {
            throw new UncheckedIOException("petiole.management.port: " + properties.port() + " can't be served", e);
        }
    }

    private Answer answer(String path) {
        return switch (path) {
            case "/actuator/health", "/actuator/health/readiness" -> readiness();
            case "/actuator/health/liveness" -> liveness();
            case "/actuator/prometheus" -> Answer.metrics(metrics.scrape());
            default -> Answer.nothing(404);
        };
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

    @Override
    public void stop() {
        HttpListener running = listener;
        listener = null;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public boolean isRunning() {
        return listener != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
