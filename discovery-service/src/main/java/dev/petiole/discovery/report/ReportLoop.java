package dev.petiole.discovery.report;

import static dev.petiole.discovery.LogKeys.CONFIGURATION;
import static dev.petiole.discovery.LogKeys.ERROR;

import dev.petiole.api.agent.AgentsApi;
import dev.petiole.discovery.NodeProperties;
import dev.petiole.discovery.handler.DiscoveryHandlers;
import dev.petiole.discovery.pace.Backoff;
import dev.petiole.discovery.pace.Loop;
import dev.petiole.registry.client.RegistryProblem;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Keeps the session and sends what the registry has yet to hear.
@Component
final class ReportLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ReportLoop.class);

    private static final int PHASE = 100;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);

    private final AgentsApi agents;
    private final String node;
    private final RegistrySession session;
    private final Observations observations;
    private final HandlerReports handlers;
    private final Loop loop;

    // Rises over all sessions, and so within each.
    private long sequence;

    ReportLoop(
            AgentsApi agents,
            NodeProperties node,
            RegistrySession session,
            Observations observations,
            HandlerReports handlers,
            DiscoveryHandlers offered,
            RandomGenerator random) {
        this.agents = agents;
        this.node = node.nodeName();
        this.session = session;
        this.observations = observations;
        this.handlers = handlers;
        this.loop = new Loop("report", new Backoff(FIRST_BACKOFF, MAX_BACKOFF, random), this::report);
        session.onBegin(observations::sendAllAgain);
        observations.onChange(loop::ring);
        offered.onChange(loop::ring);
    }

    /// A lease that falls due while observations are sent is renewed in between.
    private Duration report() {
        Duration untilRenewal = session.keep();
        reportHandlers();
        for (Optional<Statement> unsent = observations.takeUnsent();
                unsent.isPresent();
                unsent = observations.takeUnsent()) {
            send(unsent.get());
            untilRenewal = session.keep();
        }
        return untilRenewal;
    }

    private void reportHandlers() {
        String id = session.id().orElseThrow();
        try {
            handlers.send(id);
        } catch (RegistryProblem e) {
            session.failed(id, e);
            throw e;
        }
    }

    private void send(Statement statement) {
        String id = session.id().orElseThrow();
        try {
            agents.observe(node, statement.toObservation(id, ++sequence));
        } catch (RegistryProblem e) {
            session.failed(id, e);
            if (isFinal(e)) {
                log.atWarn()
                        .addKeyValue(CONFIGURATION, statement.configuration())
                        .addKeyValue(ERROR, e.getMessage())
                        .log("registry refused an observation");
                observations.refuse(statement);
                return;
            }
            observations.putBack(statement);
            throw e;
        } catch (RuntimeException e) {
            observations.putBack(statement);
            throw e;
        }
    }

    /// Whether saying the same again would be refused again.
    private static boolean isFinal(RegistryProblem problem) {
        return switch (problem.status()) {
            case 400, 404, 413, 422 -> true;
            default -> false;
        };
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() {
        loop.close();
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
