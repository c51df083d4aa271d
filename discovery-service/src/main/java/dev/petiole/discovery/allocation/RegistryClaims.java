package dev.petiole.discovery.allocation;

import dev.petiole.api.agent.AgentsApi;
import dev.petiole.api.agent.ClaimRequest;
import dev.petiole.api.agent.UsageReport;
import dev.petiole.discovery.NodeProperties;
import dev.petiole.discovery.report.RegistrySession;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.registry.client.RegistryUnreachable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/// The registry's side of this node's claims. Thread-safe.
@Component
final class RegistryClaims {

    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration LATEST_ARRIVAL = Duration.ofSeconds(30);

    private final AgentsApi agents;
    private final RegistrySession session;
    private final String node;
    private final Clock clock;

    /*
     * A usage report releases every claim it does not list. One that was written before a claim was granted, and
     * arrives after, would release that claim while a container is about to use it. So claims (shared) and reports
     * (exclusive) never overlap, and after a report whose end is unknown no claim is made until a newer report has been
     * accepted, or a new session has begun, either of which makes the registry ignore the older one.
     */
    private final ReentrantReadWriteLock turns = new ReentrantReadWriteLock(true);

    // Written under the write lock.
    private long sequence;
    private volatile String sessionOfDoubt = "";

    // A claim whose end is unknown may be carried out late; the next report undoes it.
    private volatile Instant claimsInDoubtUntil = Instant.MIN;

    RegistryClaims(AgentsApi agents, RegistrySession session, NodeProperties node, Clock clock) {
        this.agents = agents;
        this.session = session;
        this.node = node.nodeName();
        this.clock = clock;
    }

    /// Asks for a slot, and has `onGrant` run before any report can be written.
    ///
    /// @throws AllocationRefused if it is not granted, saying why
    void claim(Claim.Key key, Runnable onGrant) {
        String id = session.id()
                .orElseThrow(() ->
                        new AllocationRefused("can't claim " + key.device().name()
                                + ": the registry has not been reached, and only it can tell whether a slot is free"));
        waitForTurn();
        try {
            if (sessionOfDoubt.equals(id)) {
                throw new AllocationRefused("can't claim " + key.device().name()
                        + " yet: the registry has not confirmed this node's last usage report");
            }
            agents.claim(node, new ClaimRequest(id, key.device(), key.resource(), key.kubeletDeviceId()));
            onGrant.run();
        } catch (RegistryProblem e) {
            session.failed(id, e);
            throw new AllocationRefused("can't claim " + key.device().name() + ": " + e.getMessage(), e);
        } catch (RegistryUnreachable e) {
            claimsInDoubtUntil = clock.instant().plus(LATEST_ARRIVAL);
            throw new AllocationRefused(
                    "can't claim " + key.device().name() + ": the registry can't be reached (" + e.getMessage() + ")",
                    e);
        } finally {
            turns.readLock().unlock();
        }
    }

    private void waitForTurn() {
        try {
            if (!turns.readLock().tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AllocationRefused("the registry takes too long to answer this node's usage report");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AllocationRefused("the discovery service ends", e);
        }
    }

    /// States in session `id` that exactly these claims are in use. `claims` is asked once no claim is under way.
    ///
    /// @return what was said
    UsageLoop.Said report(String id, Supplier<List<Claim>> claims) {
        turns.writeLock().lock();
        try {
            sessionOfDoubt = id;
            List<Claim> all = claims.get();
            agents.reportUsage(
                    node,
                    new UsageReport(
                            id, ++sequence, all.stream().map(Claim::toUse).toList()));
            sessionOfDoubt = "";
            return new UsageLoop.Said(id, all);
        } catch (RegistryProblem e) {
            if (e.status() < 500) {
                // Refused, and so not carried out.
                sessionOfDoubt = "";
            }
            session.failed(id, e);
            throw e;
        } finally {
            turns.writeLock().unlock();
        }
    }

    /// @return whether the registry may hold a claim for this node that nobody uses
    boolean mayHoldTooMuch() {
        return clock.instant().isBefore(claimsInDoubtUntil);
    }
}
