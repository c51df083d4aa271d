package dev.petiole.discovery.handler;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A running discovery whose reports are kept for a test to look at.
public final class RecordedSightings implements AutoCloseable {

    private final List<Sighting> sightings = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile @Nullable Exception failure;
    private volatile boolean wasInterrupted;

    public RecordedSightings(Discovery discovery) {
        thread = Thread.ofVirtual().name("discovery-under-test").start(() -> run(discovery));
    }

    private void run(Discovery discovery) {
        try {
            discovery.run(sightings::add);
        } catch (InterruptedException _) {
            wasInterrupted = true;
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    /// @return all reports so far, oldest first
    public List<Sighting> all() {
        return List.copyOf(sightings);
    }

    /// @return the newest report; fails if there is none yet
    public Sighting last() {
        if (sightings.isEmpty()) {
            throw new AssertionError("nothing has been reported yet; failure: " + failure);
        }
        return sightings.getLast();
    }

    /// @return what ended the discovery before it was asked to end; null if nothing did
    public @Nullable Exception failure() {
        return failure;
    }

    public boolean isRunning() {
        return thread.isAlive();
    }

    public boolean wasInterrupted() {
        return wasInterrupted;
    }

    /// Interrupts the discovery and returns at once.
    @Override
    public void close() {
        thread.interrupt();
    }
}
