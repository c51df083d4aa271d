package dev.petiole.registry.node;

import static dev.petiole.registry.LogKeys.CLUSTER;
import static dev.petiole.registry.LogKeys.NODE;

import dev.petiole.api.node.ClusterFacts;
import dev.petiole.api.node.Node;
import dev.petiole.api.node.Node.NodeFacts;
import dev.petiole.api.watch.ListPage;
import dev.petiole.registry.problem.FieldError;
import dev.petiole.registry.problem.InvalidFields;
import dev.petiole.registry.problem.NotFound;
import dev.petiole.registry.query.ListQuery;
import dev.petiole.registry.revision.Cursor;
import dev.petiole.registry.revision.Pages;
import dev.petiole.registry.revision.RegistryWriter;
import dev.petiole.registry.revision.RevisionLog;
import dev.petiole.registry.revision.Versioned;
import dev.petiole.registry.revision.WriteTransaction;
import dev.petiole.registry.watch.WatchFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// All nodes, and what Kubernetes says of them.
@Component
public final class Nodes {

    private static final Logger log = LoggerFactory.getLogger(Nodes.class);

    private static final int MAX_UID = 64;
    private static final int MAX_NAME = 253;

    private final NodeStore store;
    private final Leases leases;
    private final Recovery recovery;
    private final ObjectProvider<NodeListener> listeners;
    private final RegistryWriter writer;
    private final RevisionLog revisions;
    private final Pages pages;

    Nodes(
            NodeStore store,
            Leases leases,
            Recovery recovery,
            ObjectProvider<NodeListener> listeners,
            RegistryWriter writer,
            RevisionLog revisions,
            Pages pages) {
        this.store = store;
        this.leases = leases;
        this.recovery = recovery;
        this.listeners = listeners;
        this.writer = writer;
        this.revisions = revisions;
        this.pages = pages;
    }

    /// @return the labels of all nodes of which facts are known, by node
    public Map<String, Map<String, String>> labels() {
        Map<String, Map<String, String>> labels = new HashMap<>();
        for (NodeStore.Row row : store.list()) {
            NodeFacts facts = row.value().facts();
            if (facts != null) {
                labels.put(row.value().name(), facts.labels());
            }
        }
        return labels;
    }

    /// @return what is known of a node
    public Optional<NodeRecord> find(String name) {
        return store.find(name).map(NodeStore.Row::value);
    }

    Node get(String name) {
        NodeStore.Row row = store.find(name).orElseThrow(() -> new NotFound("node " + name));
        return row.value().toApi(revisions.at(row.node().revision()).toString());
    }

    ListPage<Node> list(ListQuery query) {
        NodeFilter filter = NodeFilter.of(query);
        String after = query.position(1, revisions.epoch()).getFirst();
        return pages.page(
                Cursor.limit(query.limit()),
                atMost -> listAfter(filter, after, atMost),
                node -> query.after(List.of(node.name())),
                NodeRecord::toApi);
    }

    WatchFilter<NodeRecord> watch(NodeFilter filter) {
        return new WatchFilter<>(
                NodeRecord.KIND,
                filter::matches,
                (key, limit) -> listAfter(filter, key.getFirst(), limit),
                node -> List.of(node.name()),
                List.of(""));
    }

    /// A filter is evaluated here, so pages are filled from as many rows as it takes.
    private List<Versioned<NodeRecord>> listAfter(NodeFilter filter, String name, int limit) {
        List<Versioned<NodeRecord>> matching = new ArrayList<>();
        String position = name;
        while (matching.size() < limit) {
            List<Versioned<NodeRecord>> rows = store.listAfter(position, limit).stream()
                    .map(NodeStore.Row::node)
                    .toList();
            rows.stream().filter(row -> filter.matches(row.value())).forEach(matching::add);
            if (rows.size() < limit) {
                break;
            }
            position = rows.getLast().value().name();
        }
        return matching.subList(0, Math.min(limit, matching.size()));
    }

    /// Takes the broker-scheduler's statement of all nodes.
    ///
    /// @throws WrongCluster if it comes from another cluster than the first one did
    void state(ClusterFacts facts) {
        check(facts);
        writer.write(transaction -> {
            demandOurCluster(facts.clusterUid());
            boolean isChanged = false;
            for (Map.Entry<String, NodeFacts> node : facts.nodes().entrySet()) {
                isChanged |= state(transaction, node.getKey(), node.getValue());
            }
            for (NodeStore.Row row : store.list()) {
                // One that was never listed but is alive is new: Kubernetes has yet to tell of it.
                boolean wasListed = row.value().facts() != null;
                if (!facts.nodes().containsKey(row.value().name())
                        && (wasListed || !row.value().isAlive())) {
                    leases.remove(transaction, row);
                    isChanged = true;
                }
            }
            if (isChanged) {
                listeners.forEach(listener -> listener.nodeFactsChanged(transaction));
                recovery.review(transaction);
            }
            recovery.factsTold(transaction);
            return isChanged;
        });
    }

    private static void check(ClusterFacts facts) {
        List<FieldError> errors = new ArrayList<>();
        if (facts.clusterUid().length() > MAX_UID) {
            errors.add(new FieldError("clusterUid", "must have at most " + MAX_UID + " characters"));
        }
        facts.nodes().forEach((name, node) -> {
            if (name.isEmpty() || name.length() > MAX_NAME) {
                errors.add(new FieldError("nodes", "must have keys of 1 to " + MAX_NAME + " characters"));
            }
            if (node.uid() == null || node.bootId() == null) {
                errors.add(new FieldError("nodes." + name, "must have uid and bootId"));
            }
        });
        if (!errors.isEmpty()) {
            throw new InvalidFields(errors);
        }
    }

    private void demandOurCluster(String uid) {
        Optional<String> served = store.findCluster();
        if (served.isEmpty()) {
            store.setCluster(uid);
            log.atInfo().addKeyValue(CLUSTER, uid).log("registry serves this cluster from now on");
        } else if (!served.get().equals(uid)) {
            throw new WrongCluster(served.get(), uid);
        }
    }

    /// @return whether that is news
    private boolean state(WriteTransaction transaction, String name, NodeFacts facts) {
        NodeStore.Row row = store.find(name).orElse(null);
        NodeRecord before = row == null ? NodeRecord.of(name) : row.value();
        if (facts.equals(before.facts())) {
            return false;
        }
        Versioned<NodeRecord> versioned = row == null ? null : row.node();
        store.put(transaction, versioned, before.withFacts(facts));
        if (before.isFencedBy(facts)) {
            listeners.forEach(listener -> listener.nodeFenced(transaction, name));
            log.atInfo().addKeyValue(NODE, name).log("silent node was fenced");
        }
        return true;
    }
}
