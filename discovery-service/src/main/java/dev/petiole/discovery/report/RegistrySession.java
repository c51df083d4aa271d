package dev.petiole.discovery.report;

import static dev.petiole.discovery.LogKeys.NODE;

import dev.petiole.api.agent.AgentsApi;
import dev.petiole.api.agent.Lease;
import dev.petiole.api.agent.LeaseRequest;
import dev.petiole.api.node.Node;
import dev.petiole.discovery.NodeProperties;
import dev.petiole.discovery.handler.DiscoveryHandlers;
import dev.petiole.discovery.pace.Beat;
import dev.petiole.registry.client.RegistryProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// This node's session at the registry: begun once, kept by renewing its lease, begun anew when the registry no longer
/// knows it. Thread-safe.
@Component
public final class RegistrySession {

    private static final Logger log = LoggerFactory.getLogger(RegistrySession.class);

    private final AgentsApi agents;
    private final String node;
    private final DiscoveryHandlers handlers;
    private final Clock clock;
    private final List<Runnable> beginListeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> usageListeners = new CopyOnWriteArrayList<>();

    private @Nullable Lease lease;
    private Instant renewAt = Instant.MIN;

    RegistrySession(AgentsApi agents, NodeProperties node, DiscoveryHandlers handlers, Clock clock) {
        this.agents = agents;
        this.node = node.nodeName();
        this.handlers = handlers;
        this.clock = clock;
    }

    /// @return the session's id, if one has begun
    public synchronized Optional<String> id() {
        return Optional.ofNullable(lease).map(Lease::session);
    }

    /// Calls `listener` whenever a session has begun; it must only note that there is something to do.
    public void onBegin(Runnable listener) {
        beginListeners.add(listener);
    }

    /// Calls `listener` whenever the registry wants to hear which claims are in use; it must only note that there is
    /// something to do.
    public void onUsageWanted(Runnable listener) {
        usageListeners.add(listener);
    }

    /// Looks at why a call failed that was made in session `id`, and gives the session up if that is the reason.
    public void failed(String id, RegistryProblem problem) {
        if (!endsSession(problem)) {
            return;
        }
        synchronized (this) {
            if (lease == null || !lease.session().equals(id)) {
                return;
            }
            lease = null;
        }
        log.atWarn()
                .addKeyValue(NODE, node)
                .addKeyValue("problem", problem.type())
                .log("registry no longer knows this session");
    }

    /// Begins the session, or renews its lease when that is due.
    ///
    /// @return how long until the next renewal
    Duration keep() {
        Optional<String> id = id();
        Duration untilRenewal = Duration.between(clock.instant(), renewAt());
        if (id.isPresent() && untilRenewal.isPositive()) {
            return untilRenewal;
        }
        Lease granted = requestLease(id.orElse(null));
        Duration untilNext = Beat.align(granted.renewEvery());
        boolean hasBegun;
        synchronized (this) {
            hasBegun = lease == null || !lease.session().equals(granted.session());
            lease = granted;
            renewAt = clock.instant().plus(untilNext);
        }
        if (hasBegun) {
            log.atInfo().addKeyValue(NODE, node).log("session at the registry begun");
            beginListeners.forEach(Runnable::run);
        }
        if (granted.usageWanted()) {
            usageListeners.forEach(Runnable::run);
        }
        return untilNext;
    }

    private Lease requestLease(@Nullable String id) {
        try {
            return agents.renewLease(node, new LeaseRequest(id, offeredHandlers()));
        } catch (RegistryProblem e) {
            if (id != null) {
                failed(id, e);
            }
            throw e;
        }
    }

    private List<Node.OfferedHandler> offeredHandlers() {
        return handlers.list().stream()
                .map(handler -> new Node.OfferedHandler(handler.name(), handler.isShared()))
                .toList();
    }

    private synchronized Instant renewAt() {
        return renewAt;
    }

    /// One process at a time speaks for a node, which the lock in its data directory sees to. So a replaced session
    /// means that the registry lost its memory, or that our own request for one was carried out late.
    private static boolean endsSession(RegistryProblem problem) {
        return problem.type().equals("session-replaced");
    }
}
