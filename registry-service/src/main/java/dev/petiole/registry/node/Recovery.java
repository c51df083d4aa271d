package dev.petiole.registry.node;

import static dev.petiole.registry.LogKeys.NODES;

import dev.petiole.registry.node.RecoveryStore.Stage;
import dev.petiole.registry.revision.EpochListener;
import dev.petiole.registry.revision.WriteTransaction;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// What a registry with a new (or restored) database does not know yet. The cluster may have gone on while the
/// database was lost: so before it grants a slot it hears from each node that may hold some which they are,
/// unless the node is fenced. To be asked within a write.
@Component
public final class Recovery implements EpochListener {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final RecoveryStore store;
    private final NodeStore nodes;
    private final ObjectProvider<NodeListener> listeners;
    private final boolean isEnabled;

    Recovery(
            RecoveryStore store,
            NodeStore nodes,
            ObjectProvider<NodeListener> listeners,
            RecoveryProperties properties) {
        this.store = store;
        this.nodes = nodes;
        this.listeners = listeners;
        this.isEnabled = properties.enabled();
    }

    /// @return whether a database can be a lost one here
    public boolean isEnabled() {
        return isEnabled;
    }

    /// @return whether it is known which nodes have to be heard
    public boolean knowsNodes() {
        return store.stage() != Stage.AWAITING_FACTS;
    }

    /// @return the existing nodes on which slots may be held or devices be exposed, ordered by name
    public List<String> nodesThatMayHold() {
        return nodes.list().stream()
                .map(NodeStore.Row::value)
                .filter(NodeRecord::mayHoldSlots)
                .map(NodeRecord::name)
                .toList();
    }

    /// @return those of [#nodesThatMayHold] that have yet to tell which slots they use
    public List<String> unaccounted() {
        Set<String> accounted = new HashSet<>(store.accounted());
        return nodesThatMayHold().stream()
                .filter(node -> !accounted.contains(node))
                .toList();
    }

    /// Throws unless all holders of a device's slots are known.
    ///
    /// @param node who asks
    /// @param isShared whether other nodes may hold the device
    /// @throws StillRecovering if some may not be
    public void demandHoldersKnown(String node, boolean isShared) {
        Stage stage = isEnabled ? store.stage() : Stage.OVER;
        if (stage == Stage.OVER || (!isShared && store.accounted().contains(node))) {
            return;
        }
        throw new StillRecovering(stage == Stage.AWAITING_FACTS ? List.of() : unaccounted());
    }

    @Override
    public void epochBegins(WriteTransaction transaction) {
        store.forgetAll();
        store.setStage(isEnabled ? Stage.AWAITING_FACTS : Stage.OVER);
    }

    /// The scheduler has told of all nodes.
    void factsTold(WriteTransaction transaction) {
        if (store.stage() == Stage.AWAITING_FACTS) {
            store.setStage(Stage.AWAITING_NODES);
            log.atInfo().addKeyValue(NODES, unaccounted()).log("registry has a new database and waits for nodes");
            review(transaction);
        }
    }

    /// The node has told which slots it uses.
    void accounted(WriteTransaction transaction, String node) {
        if (store.setAccounted(node)) {
            review(transaction);
        }
    }

    /// What is awaited may be less than it was.
    void review(WriteTransaction transaction) {
        if (store.stage() == Stage.AWAITING_NODES && unaccounted().isEmpty()) {
            store.setStage(Stage.OVER);
            log.atInfo().log("registry knows of all slots that are in use");
        }
        listeners.forEach(listener -> listener.nodesHeard(transaction));
    }
}
