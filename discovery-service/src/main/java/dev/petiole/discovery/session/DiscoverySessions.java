package dev.petiole.discovery.session;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.discovery.pace.Backoff;
import dev.petiole.discovery.pace.Loop;
import dev.petiole.discovery.registry.WatchedList;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Lets exactly the discoveries run that the node's Configurations ask for.
@Component
final class DiscoverySessions implements SmartLifecycle {

    private static final int PHASE = 150;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);

    // Longer than an observation and the record's change take there and back.
    private static final Duration FIRST_HEARING = Duration.ofSeconds(2);
    private static final Duration MAX_HEARING = Duration.ofMinutes(1);

    // A backup only: changes of Configurations, handlers and properties ring.
    private static final Duration RESYNC = Duration.ofMinutes(5);

    private final WatchedList<Configuration> configurations;
    private final Surroundings surroundings;
    private final DiscoveryMeters meters;
    private final RandomGenerator random;
    private final Loop loop;

    // Touched by the loop alone, and by stop() after it.
    private final Map<ConfigurationKey, DiscoverySession> sessions = new HashMap<>();

    DiscoverySessions(
            WatchedList<Configuration> configurations,
            Surroundings surroundings,
            DiscoveryMeters meters,
            RandomGenerator random) {
        this.configurations = configurations;
        this.surroundings = surroundings;
        this.meters = meters;
        this.random = random;
        this.loop = new Loop("discovery-sessions", new Backoff(FIRST_BACKOFF, MAX_BACKOFF, random), this::reconcile);
        configurations.onChange(loop::ring);
        surroundings.handlers().onChange(loop::ring);
        surroundings.values().onChange(loop::ring);
    }

    private Duration reconcile() {
        if (!configurations.isSynced()) {
            return RESYNC;
        }
        Set<ConfigurationKey> gone = new HashSet<>(sessions.keySet());
        Duration pause = RESYNC;
        for (Configuration configuration : configurations.list()) {
            gone.remove(configuration.key());
            @Nullable Duration unheard = reconcile(configuration);
            pause = unheard != null && unheard.compareTo(pause) < 0 ? unheard : pause;
        }
        gone.forEach(this::end);
        return pause;
    }

    /// @return after which time to look again; null if there is no need
    private @Nullable Duration reconcile(Configuration wanted) {
        DiscoverySession running = sessions.get(wanted.key());
        if (running != null && running.covers(wanted)) {
            running.reconsider();
            return running.noteRecord(wanted);
        }
        if (running != null && running.canGoOnAs(wanted)) {
            running.goOnAs(wanted);
            running.reconsider();
            return null;
        }
        if (running != null && !running.isSameObject(wanted)) {
            end(wanted.key());
        } else if (running != null) {
            // What it saw stays in the inventory until its successor has looked.
            running.close();
        }
        var session = new DiscoverySession(
                wanted,
                surroundings,
                meters.of(wanted.key(), wanted.spec().discoveryHandler().name()),
                new Backoff(FIRST_BACKOFF, MAX_BACKOFF, random),
                new Backoff(FIRST_HEARING, MAX_HEARING, random));
        sessions.put(wanted.key(), session);
        session.start();
        return null;
    }

    private void end(ConfigurationKey key) {
        DiscoverySession ended = sessions.remove(key);
        if (ended != null) {
            ended.close();
            surroundings.forget(key);
            meters.forget(key);
        }
    }

    @Override
    public void start() {
        loop.start();
    }

    /// Stops looking; says nothing about the devices, which stay as they are.
    @Override
    public void stop() {
        loop.close();
        sessions.values().forEach(DiscoverySession::close);
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
