package dev.petiole.registry.node;

import static dev.petiole.registry.LogKeys.NODE;

import dev.petiole.api.agent.Lease;
import dev.petiole.api.agent.LeaseRequest;
import dev.petiole.api.node.Node.OfferedHandler;
import dev.petiole.registry.revision.RegistryWriter;
import dev.petiole.registry.revision.WriteTransaction;
import dev.petiole.registry.timer.Timed;
import dev.petiole.registry.timer.Timers;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// Proofs of life of the nodes' discovery services.
@Component
public final class Leases implements Timed {

    private static final Logger log = LoggerFactory.getLogger(Leases.class);

    private static final int SESSION_BYTES = 16;
    private static final int MAX_EXPIRED_AT_ONCE = 20;

    private final NodeStore store;
    private final RegistryWriter writer;
    private final Recovery recovery;
    private final Timers timers;
    private final ObjectProvider<NodeListener> listeners;
    private final ObjectProvider<UsageDoubts> doubts;
    private final NodeProperties properties;
    private final RandomGenerator random;

    Leases(
            NodeStore store,
            RegistryWriter writer,
            Recovery recovery,
            Timers timers,
            ObjectProvider<NodeListener> listeners,
            ObjectProvider<UsageDoubts> doubts,
            NodeProperties properties,
            RandomGenerator random) {
        this.store = store;
        this.writer = writer;
        this.recovery = recovery;
        this.timers = timers;
        this.listeners = listeners;
        this.doubts = doubts;
        this.properties = properties;
        this.random = random;
    }

    /// Begins a session, or renews its lease.
    ///
    /// @throws SessionReplaced if the session is not the node's newest
    public Lease renew(String node, LeaseRequest request) {
        return writer.write(transaction -> {
            NodeStore.Row row = store.find(node).orElse(null);
            String session = request.session() == null
                    ? begin(transaction, node, row, request)
                    : renew(transaction, request, demand(node, row, request.session()));
            boolean usageWanted = doubts.stream().anyMatch(each -> each.isInDoubt(node, transaction.now()));
            return new Lease(session, properties.duration(), properties.renewEvery(), usageWanted);
        });
    }

    /// Anything said in the newest session is a proof of life too.
    ///
    /// @throws SessionReplaced if `session` is not the node's newest
    public void prove(WriteTransaction transaction, String node, String session) {
        NodeStore.Row row = demand(node, store.find(node).orElse(null), session);
        keepAlive(transaction, row, row.value().handlers());
    }

    /// Call [#prove] first.
    ///
    /// @return whether this usage report of the session is newer than all before
    public boolean isNewestUsage(WriteTransaction transaction, String node, long sequence) {
        boolean isNewest = store.advanceUsage(node, sequence);
        if (isNewest) {
            recovery.accounted(transaction, node);
        }
        return isNewest;
    }

    @Override
    public String name() {
        return "leases";
    }

    @Override
    public @Nullable Instant next() {
        return store.findNextExpiry().orElse(null);
    }

    @Override
    public void fire(WriteTransaction transaction) {
        store.listExpired(transaction.now(), MAX_EXPIRED_AT_ONCE).forEach(row -> expire(transaction, row));
    }

    @Override
    public void restart(WriteTransaction transaction) {
        store.extendAllLeases(expiry(transaction));
    }

    private String begin(WriteTransaction transaction, String node, NodeStore.@Nullable Row row, LeaseRequest request) {
        var bytes = new byte[SESSION_BYTES];
        random.nextBytes(bytes);
        String session = HexFormat.of().formatHex(bytes);
        NodeRecord before = row == null ? NodeRecord.of(node) : row.value();
        store.put(transaction, row == null ? null : row.node(), before.alive(request.handlers()));
        store.beginSession(node, session, expiry(transaction));
        timers.wakeAt(transaction, expiry(transaction));
        log.atInfo().addKeyValue(NODE, node).log("discovery service began a session");
        return session;
    }

    private String renew(WriteTransaction transaction, LeaseRequest request, NodeStore.Row row) {
        keepAlive(transaction, row, request.handlers());
        return String.valueOf(row.session());
    }

    private void keepAlive(WriteTransaction transaction, NodeStore.Row row, List<OfferedHandler> handlers) {
        String node = row.value().name();
        store.put(transaction, row.node(), row.value().alive(handlers));
        store.extendLease(node, expiry(transaction));
        if (!row.value().isAlive()) {
            timers.wakeAt(transaction, expiry(transaction));
            listeners.forEach(listener -> listener.nodeReturned(transaction, node));
            log.atInfo().addKeyValue(NODE, node).log("node returned");
        }
    }

    private void expire(WriteTransaction transaction, NodeStore.Row row) {
        String node = row.value().name();
        store.endLease(node);
        store.put(transaction, row.node(), row.value().silent());
        listeners.forEach(listener -> listener.nodeFellSilent(transaction, node));
        var facts = row.value().facts();
        if (facts != null && facts.outOfService()) {
            listeners.forEach(listener -> listener.nodeFenced(transaction, node));
            recovery.review(transaction);
        }
        log.atWarn().addKeyValue(NODE, node).log("node fell silent");
    }

    /// Forgets a node that exists no more.
    void remove(WriteTransaction transaction, NodeStore.Row row) {
        String node = row.value().name();
        listeners.forEach(listener -> listener.nodeGone(transaction, node));
        store.remove(transaction, row.node());
        log.atInfo().addKeyValue(NODE, node).log("node exists no more");
    }

    private static NodeStore.Row demand(String node, NodeStore.@Nullable Row row, @Nullable String session) {
        if (row == null || row.session() == null || !row.session().equals(session)) {
            throw new SessionReplaced(node);
        }
        return row;
    }

    private Instant expiry(WriteTransaction transaction) {
        return transaction.now().plus(properties.duration());
    }
}
