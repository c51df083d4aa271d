package dev.petiole.discovery.registry;

import dev.petiole.registry.client.WatchedCollection;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/// A watch that starts and ends with the application.
final class RegistryWatch<T> implements WatchedList<T>, SmartLifecycle {

    private static final int PHASE = 200;

    private final WatchedCollection<T> items;
    private volatile boolean isRunning;

    RegistryWatch(WatchedCollection<T> items) {
        this.items = items;
    }

    @Override
    public boolean isSynced() {
        return items.isSynced();
    }

    @Override
    public List<T> list() {
        return items.list();
    }

    @Override
    public void onChange(Runnable listener) {
        items.onChange(listener);
    }

    @Override
    public void start() {
        items.start();
        isRunning = true;
    }

    @Override
    public void stop() {
        isRunning = false;
        items.close();
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
