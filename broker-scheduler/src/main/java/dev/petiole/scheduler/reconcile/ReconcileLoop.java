package dev.petiole.scheduler.reconcile;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.event.EventRecorder;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.leader.Leadership;
import dev.petiole.scheduler.node.ClusterFactsPublisher;
import dev.petiole.scheduler.node.NodeStates;
import dev.petiole.scheduler.queue.KeyLoop;
import dev.petiole.scheduler.registry.RegistryView;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Has each Configuration reconciled whenever anything about it changes, in the cluster or in the registry, and now and
/// then in case a change went unheard. Nothing is done before both have been listed in full, the registry has agreed to
/// serve this cluster, and this scheduler is the leader.
public final class ReconcileLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ReconcileLoop.class);
    private static final int WORKERS = 4;
    private static final Duration RESYNC_EVERY = Duration.ofMinutes(10);
    private static final Duration LOOK_AT_GATE_EVERY = Duration.ofMillis(500);

    private final Dialect dialect;
    private final ClusterCache cache;
    private final RegistryView registry;
    private final NodeStates nodes;
    private final Companions companions;
    private final Reconciler reconciler;
    private final MeterRegistry metrics;
    private final KeyLoop<ConfigurationKey> loop;
    private final KeyLoop<String> gatekeeper;
    private volatile boolean isRunning;
    private volatile boolean isOpen;
    private long lastResync;

    /// Who else takes part.
    public record Companions(Leadership leadership, ClusterFactsPublisher facts, EventRecorder events) {}

    ReconcileLoop(
            Reconciler.Sources sources,
            Companions companions,
            Reconciler reconciler,
            Applier applier,
            MeterRegistry metrics,
            RandomGenerator random) {
        this.dialect = sources.dialect();
        this.cache = sources.cache();
        this.registry = sources.registry();
        this.nodes = sources.nodes();
        this.companions = companions;
        this.reconciler = reconciler;
        this.metrics = metrics;
        this.loop = new KeyLoop<>("reconcile", WORKERS, random, this::reconcile);
        this.gatekeeper = new KeyLoop<>("gatekeeper", 1, random, _ -> lookAtGate());
        cache.onChange(change -> {
            if (change.isDeleted()) {
                applier.forget(change.key());
            }
            noteChange(change);
        });
        registry.onChange(loop::add);
    }

    @Override
    public void start() {
        isRunning = true;
        companions.events().start();
        cache.start();
        registry.start();
        companions.facts().start();
        loop.start();
        gatekeeper.start();
        gatekeeper.add("gate");
    }

    @Override
    public void stop() {
        isRunning = false;
        gatekeeper.close();
        loop.close();
        companions.facts().close();
        registry.close();
        cache.close();
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

    /// @return whether all that decisions rest on is known
    boolean isInformed() {
        return cache.isSynced() && registry.isSynced();
    }

    private Optional<Duration> reconcile(ConfigurationKey key) {
        if (!isOpen) {
            // All are looked at when it opens.
            return Optional.empty();
        }
        return metrics.timer("petiole.broker.reconcile").record(() -> reconciler.reconcile(key));
    }

    private Optional<Duration> lookAtGate() {
        boolean shouldBeOpen = isInformed()
                && companions.leadership().isHeld()
                && companions.facts().isAccepted();
        if (shouldBeOpen != isOpen) {
            isOpen = shouldBeOpen;
            log.atInfo()
                    .addKeyValue("informed", isInformed())
                    .addKeyValue("leader", companions.leadership().isHeld())
                    .log(shouldBeOpen ? "begins to reconcile" : "does not reconcile");
            if (shouldBeOpen) {
                resync();
            }
        } else if (isOpen && System.nanoTime() - lastResync > RESYNC_EVERY.toNanos()) {
            resync();
        }
        return Optional.of(LOOK_AT_GATE_EVERY);
    }

    private void resync() {
        lastResync = System.nanoTime();
        cache.list(Resource.CONFIGURATION).forEach(configuration -> loop.add(keyOf(configuration, "name")));
        registry.keys().forEach(loop::add);
    }

    private void noteChange(ClusterCache.Change change) {
        JsonObject object = change.object();
        if (change.resource().equals(Resource.CONFIGURATION)) {
            loop.add(keyOf(object, "name"));
        } else if (change.resource().equals(Resource.NODE)) {
            companions.facts().nodesChanged();
            if (nodes.note(object, change.isDeleted()) && isOpen) {
                resync();
            }
        } else {
            loop.add(keyOf(object, "labels", dialect.configurationLabel()));
        }
    }

    private ConfigurationKey keyOf(JsonObject object, String... path) {
        var metadata = Json.object(object, "metadata");
        return new ConfigurationKey(dialect.group(), Json.text(metadata, "namespace"), Json.text(metadata, path));
    }
}
