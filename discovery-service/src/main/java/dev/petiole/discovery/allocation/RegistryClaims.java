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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/// The registry's side of this node's claims. Thread-safe.
@Component
final class RegistryClaims {

    private static final Duration LATEST_ARRIVAL = Duration.ofSeconds(30);

    private final AgentsApi agents;
    private final RegistrySession session;
    private final String node;
    private final Clock clock;

    /*
     * A usage report releases every claim it does not list. One that lacks a claim because it was written before the
     * claim was granted must not release it, whichever of the two arrives first. So each claim tells the newest report
     * that was written before it, which and all older of which can't release it; and each report lists, as pending,
     * the claims that were being asked for when it was written. Neither waits for the other.
     */
    private long sequence;
    private long answered;
    private final Map<Claim.Key, Integer> pending = new HashMap<>();

    // A claim whose end is unknown may be carried out late; the next report undoes it.
    private volatile Instant claimsInDoubtUntil = Instant.MIN;

    RegistryClaims(AgentsApi agents, RegistrySession session, NodeProperties node, Clock clock) {
        this.agents = agents;
        this.session = session;
        this.node = node.nodeName();
        this.clock = clock;
    }

    /// Asks for a slot, and has `onGrant` run while every report still calls the claim pending.
    ///
    /// @throws AllocationRefused if it is not granted, saying why, or if `onGrant` refuses it
    void claim(Claim.Key key, Runnable onGrant) {
        ClaimRequest request = begin(key);
        try {
            agents.claim(node, request);
            onGrant.run();
        } catch (RegistryProblem e) {
            session.failed(request.session(), e);
            throw new AllocationRefused("can't claim " + key.device().name() + ": " + e.getMessage(), e);
        } catch (RegistryUnreachable e) {
            claimsInDoubtUntil = clock.instant().plus(LATEST_ARRIVAL);
            throw new AllocationRefused(
                    "can't claim " + key.device().name() + ": the registry can't be reached (" + e.getMessage() + ")",
                    e);
        } catch (AllocationRefused e) {
            // The registry granted what this node then could not take.
            claimsInDoubtUntil = clock.instant().plus(LATEST_ARRIVAL);
            throw e;
        } finally {
            end(key);
        }
    }

    private synchronized ClaimRequest begin(Claim.Key key) {
        // Read under the lock: a report of a session that begins later knows this claim as pending.
        String id = session.id()
                .orElseThrow(() ->
                        new AllocationRefused("can't claim " + key.device().name()
                                + ": the registry has not been reached, and only it can tell whether a slot is free"));
        pending.merge(key, 1, Integer::sum);
        return new ClaimRequest(id, key.device(), key.resource(), key.kubeletDeviceId(), sequence);
    }

    private synchronized void end(Claim.Key key) {
        pending.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
        answered++;
    }

    /// @return how many requests for a slot have been answered, or given up
    synchronized long answered() {
        return answered;
    }

    /// States in session `id` that exactly these claims are in use.
    ///
    /// @return what was said
    UsageLoop.Said report(String id, Supplier<List<Claim>> claims) {
        List<Claim> all;
        UsageReport report;
        long answeredBefore;
        synchronized (this) {
            // What is asked for is noted before what is held: a claim granted in between is in both, not in neither.
            List<UsageReport.Use> asked = pending.keySet().stream()
                    .map(key -> new Claim(key, null).toUse())
                    .toList();
            answeredBefore = answered;
            all = claims.get();
            report = new UsageReport(
                    id, ++sequence, all.stream().map(Claim::toUse).toList(), asked);
        }
        try {
            agents.reportUsage(node, report);
            return new UsageLoop.Said(id, answeredBefore, all);
        } catch (RegistryProblem e) {
            session.failed(id, e);
            throw e;
        }
    }

    /// @return whether the registry may hold a claim for this node that nobody uses
    boolean mayHoldTooMuch() {
        return clock.instant().isBefore(claimsInDoubtUntil);
    }
}
