package dev.petiole.scheduler.reconcile;

import dev.petiole.scheduler.event.EventRecorder;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.leader.Leadership;
import dev.petiole.scheduler.node.ClusterFactsPublisher;
import dev.petiole.scheduler.node.LostNodes;
import dev.petiole.scheduler.node.NodeStates;
import dev.petiole.scheduler.node.WithdrawnResources;
import dev.petiole.scheduler.queue.KeyLoop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.springframework.context.SmartLifecycle;

/// Has each Configuration reconciled whenever anything about it changes, in the cluster or in the registry,
/// and now and then in case a change went unheard. Nothing is done before both have been listed in full,
/// the registry has agreed to serve this cluster, and this scheduler is the leader. One group's trouble
/// does not hold up the other.
public final class ReconcileLoop implements SmartLifecycle {

    private static final Duration LOOK_AT_GATE_EVERY = Duration.ofMillis(500);

    private final Companions companions;
    private final List<GroupLoop> groups;
    private final KeyLoop<String> gatekeeper;
    private volatile boolean isRunning;

    /// Who else takes part.
    public record Companions(
            Leadership leadership,
            ClusterFactsPublisher facts,
            EventRecorder events,
            WithdrawnResources withdrawn,
            LostNodes lost) {}

    /// @param groups Petiole's own first
    /// @param cache has the nodes and the namespaces
    ReconcileLoop(
            Companions companions,
            List<GroupLoop> groups,
            ClusterCache cache,
            NodeStates nodes,
            RandomGenerator random) {
        this.companions = companions;
        this.groups = List.copyOf(groups);
        this.gatekeeper = new KeyLoop<>("gatekeeper", 1, random, _ -> lookAtGate());
        cache.onChange(change -> {
            if (change.resource().equals(Resource.NODE)) {
                companions.facts().nodesChanged();
                String node = Json.text(change.object(), "metadata", "name");
                companions.withdrawn().nodeChanged(node);
                companions.lost().nodeChanged(node);
                Set<String> offers = nodes.noteAllocatable(change.object(), change.isDeleted());
                if (nodes.note(change.object(), change.isDeleted())) {
                    this.groups.forEach(GroupLoop::resyncIfOpen);
                } else if (!offers.isEmpty()) {
                    this.groups.forEach(group -> group.offersChanged(offers));
                }
            } else if (change.resource().equals(Resource.NAMESPACE) && !change.isDeleted()) {
                String namespace = Json.text(change.object(), "metadata", "name");
                this.groups.forEach(group -> group.namespaceIsThere(namespace));
            }
        });
    }

    @Override
    public void start() {
        isRunning = true;
        companions.events().start();
        groups.forEach(GroupLoop::start);
        companions.facts().start();
        companions.withdrawn().start();
        companions.lost().start();
        gatekeeper.start();
        gatekeeper.add("gate");
    }

    @Override
    public void stop() {
        isRunning = false;
        gatekeeper.close();
        companions.facts().close();
        companions.withdrawn().close();
        companions.lost().close();
        groups.forEach(GroupLoop::close);
        companions.events().close();
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    /// Ended before leadership is given back.
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 1;
    }

    /// @return whether all that decisions on Petiole's own group rest on is known
    boolean isInformed() {
        return groups.getFirst().isInformed();
    }

    private Optional<Duration> lookAtGate() {
        boolean mayAct = companions.leadership().isHeld() && companions.facts().isAccepted();
        groups.forEach(group -> group.lookAtGate(mayAct));
        return Optional.of(LOOK_AT_GATE_EVERY);
    }
}
