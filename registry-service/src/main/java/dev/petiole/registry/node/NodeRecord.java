package dev.petiole.registry.node;

import dev.petiole.api.node.Node;
import dev.petiole.api.node.Node.LeaseState;
import dev.petiole.api.node.Node.NodeFacts;
import dev.petiole.api.node.Node.OfferedHandler;
import dev.petiole.registry.revision.Kind;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the registry knows of a node, but for the renewals of its lease.
///
/// @param facts null until the broker-scheduler has told
/// @param handlers ordered by name
public record NodeRecord(String name, @Nullable NodeFacts facts, LeaseState lease, List<OfferedHandler> handlers) {

    /// Nodes in the log.
    public static final Kind<NodeRecord> KIND = new Kind<>("node", NodeRecord.class, NodeRecord::toApi);

    public NodeRecord {
        handlers = handlers.stream()
                .sorted(Comparator.comparing(OfferedHandler::name))
                .distinct()
                .toList();
    }

    static NodeRecord of(String name) {
        return new NodeRecord(name, null, LeaseState.NONE, List.of());
    }

    NodeRecord withFacts(NodeFacts newFacts) {
        return new NodeRecord(name, newFacts, lease, handlers);
    }

    NodeRecord alive(List<OfferedHandler> newHandlers) {
        return new NodeRecord(name, facts, LeaseState.ACTIVE, newHandlers);
    }

    NodeRecord silent() {
        return new NodeRecord(name, facts, LeaseState.EXPIRED, handlers);
    }

    boolean isAlive() {
        return lease == LeaseState.ACTIVE;
    }

    /// @return whether `newFacts` prove that nothing that ran on this node before runs any more, given that its
    ///     discovery service can't be asked
    boolean isFencedBy(NodeFacts newFacts) {
        if (isAlive()) {
            return false;
        }
        NodeFacts old = facts;
        boolean isAnother = old != null
                && (!old.bootId().equals(newFacts.bootId()) || !old.uid().equals(newFacts.uid()));
        return newFacts.outOfService() || isAnother;
    }

    /// @return whether something may run on this node that was given a device
    boolean mayHoldSlots() {
        NodeFacts known = facts;
        return known != null && known.offersDevices() && (isAlive() || !known.outOfService());
    }

    Node toApi(String resourceVersion) {
        return new Node(name, facts, lease, handlers, resourceVersion);
    }
}
