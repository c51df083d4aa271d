package dev.petiole.discovery.registry;

import dev.petiole.discovery.pace.Backoff;
import dev.petiole.discovery.pace.Loop;
import dev.petiole.registry.client.WatchedCollection;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/// A watch that starts and ends with the application. Until the registry has been heard, the list is what it was when
/// this service ended.
final class RegistryWatch<T> implements WatchedList<T>, SmartLifecycle {

    private static final int PHASE = 140;
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration MAX_BACKOFF = Duration.ofMinutes(1);

    // Many changes that come together are written once.
    private static final Duration BETWEEN_WRITES = Duration.ofSeconds(1);
    private static final Duration RESYNC = Duration.ofMinutes(5);

    private final WatchedCollection<T> items;
    private final RememberedList<T> memory;
    private final Loop loop;
    private volatile @Nullable List<T> remembered;
    private volatile boolean isRunning;

    // Touched by the loop alone.
    private @Nullable List<T> saved;

    RegistryWatch(String name, WatchedCollection<T> items, RememberedList<T> memory, RandomGenerator random) {
        this.items = items;
        this.memory = memory;
        this.loop = new Loop("remember-" + name, new Backoff(FIRST_BACKOFF, MAX_BACKOFF, random), this::remember);
        items.onChange(loop::ring);
    }

    @Override
    public boolean isSynced() {
        return items.isSynced() || remembered != null;
    }

    @Override
    public List<T> list() {
        List<T> before = remembered;
        return items.isSynced() || before == null ? items.list() : before;
    }

    @Override
    public void onChange(Runnable listener) {
        items.onChange(listener);
    }

    private Duration remember() throws InterruptedException {
        if (!items.isSynced()) {
            return RESYNC;
        }
        List<T> now = items.list();
        if (!now.equals(saved)) {
            memory.save(now);
            saved = now;
            Loop.rest(BETWEEN_WRITES);
        }
        return RESYNC;
    }

    @Override
    public void start() {
        remembered = memory.find().orElse(null);
        items.start();
        loop.start();
        isRunning = true;
    }

    @Override
    public void stop() {
        isRunning = false;
        loop.close();
        items.close();
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    /// Before the discoveries, which begin with what is remembered.
    @Override
    public int getPhase() {
        return PHASE;
    }
}
