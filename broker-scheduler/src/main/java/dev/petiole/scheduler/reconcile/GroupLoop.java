package dev.petiole.scheduler.reconcile;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.exposure.ExposureNames;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.queue.KeyLoop;
import dev.petiole.scheduler.registry.RegistryView;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the Configurations of one API group reconciled. Nothing is done before the gate is open, and all are
/// looked at when it opens.
final class GroupLoop implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(GroupLoop.class);
    private static final int WORKERS = 4;
    private static final Duration RESYNC_EVERY = Duration.ofMinutes(10);

    private final Dialect dialect;
    private final ClusterCache cache;
    private final RegistryView registry;
    private final Namesakes namesakes;
    private final Reconciler reconciler;
    private final ExposureStep exposures;
    private final MeterRegistry metrics;
    private final KeyLoop<ConfigurationKey> loop;
    private volatile boolean isOpen;
    private long lastResync;

    GroupLoop(
            Reconciler.Sources sources,
            Reconciler reconciler,
            Reconciler.Hands hands,
            MeterRegistry metrics,
            RandomGenerator random) {
        this.dialect = sources.dialect();
        this.cache = sources.cache();
        this.registry = sources.registry();
        this.namesakes = new Namesakes(dialect, cache);
        this.reconciler = reconciler;
        this.exposures = hands.exposures();
        this.metrics = metrics;
        this.loop = new KeyLoop<>("reconcile-" + dialect.group(), WORKERS, random, this::reconcile);
        cache.onChange(change -> {
            if (change.isDeleted()) {
                hands.applier().forget(change.key());
            }
            noteChange(change);
        });
        registry.onChange(this::add);
        exposures.onChange(this::resyncIfOpen);
        hands.applier().onNameFree(this::resyncIfOpen);
    }

    void start() {
        cache.start();
        exposures.start();
        registry.start();
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
        exposures.close();
        registry.close();
        cache.close();
    }

    /// @return whether all that decisions rest on is known
    boolean isInformed() {
        return cache.isSynced() && registry.isSynced() && exposures.isSettled();
    }

    /// @param mayAct whether this scheduler leads, and the registry serves this cluster
    void lookAtGate(boolean mayAct) {
        boolean shouldBeOpen = mayAct && isInformed();
        if (shouldBeOpen != isOpen) {
            isOpen = shouldBeOpen;
            log.atInfo()
                    .addKeyValue("group", dialect.group())
                    .addKeyValue("informed", isInformed())
                    .addKeyValue("mayAct", mayAct)
                    .log(shouldBeOpen ? "begins to reconcile" : "does not reconcile");
            if (shouldBeOpen) {
                resync();
            }
        } else if (isOpen && System.nanoTime() - lastResync > RESYNC_EVERY.toNanos()) {
            resync();
        }
    }

    /// Something has changed that concerns all Configurations, such as the nodes.
    void resyncIfOpen() {
        if (isOpen) {
            resync();
        }
    }

    /// Nodes offer another quantity of these resources: a broker that a kubelet turned away may get what it
    /// asks for.
    void offersChanged(Set<String> resources) {
        for (ConfigurationKey key : registry.keys()) {
            boolean isConcerned = registry.get(key).devices().stream()
                    .anyMatch(device -> resources.contains(dialect.resource(key.namespace(), device.name())));
            if (isConcerned) {
                loop.add(key);
            }
        }
    }

    /// What was made over REST may be waiting for it.
    void namespaceIsThere(String namespace) {
        registry.keys().stream()
                .filter(key -> key.namespace().equals(namespace))
                .forEach(loop::add);
    }

    private Optional<Duration> reconcile(ConfigurationKey key) {
        if (!isOpen) {
            return Optional.empty();
        }
        return metrics.timer("petiole.broker.reconcile", "group", dialect.group())
                .record(() -> reconciler.reconcile(key));
    }

    private void resync() {
        lastResync = System.nanoTime();
        cache.list(dialect.configurations()).forEach(configuration -> loop.add(keyOf(configuration)));
        cache.list(dialect.instances()).forEach(this::addOwner);
        registry.keys().forEach(loop::add);
        exposures.owners().forEach(loop::add);
    }

    private void noteChange(ClusterCache.Change change) {
        JsonObject object = change.object();
        if (change.resource().equals(dialect.configurations())) {
            add(keyOf(object));
        } else if (Json.text(object, "metadata", "namespace").isEmpty()) {
            ExposureNames.findOwner(dialect, object).ifPresent(loop::add);
        } else {
            addOwner(object);
        }
    }

    private void addOwner(JsonObject object) {
        String configuration = dialect.configurationOf(object);
        if (!configuration.isEmpty()) {
            loop.add(new ConfigurationKey(dialect.group(), Json.text(object, "metadata", "namespace"), configuration));
        }
    }

    /// Whoever waits for the name is looked at too.
    private void add(ConfigurationKey key) {
        loop.add(key);
        namesakes
                .namespaces(key.name())
                .forEach(namespace -> loop.add(new ConfigurationKey(key.group(), namespace, key.name())));
    }

    private ConfigurationKey keyOf(JsonObject configuration) {
        return new ConfigurationKey(
                dialect.group(),
                Json.text(configuration, "metadata", "namespace"),
                Json.text(configuration, "metadata", "name"));
    }
}
