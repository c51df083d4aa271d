package dev.petiole.registry.client;

import dev.petiole.api.watch.WatchEvents;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A copy of one of the registry's lists, kept up to date by a watch. It survives the registry: while that is away the
/// copy stays as it was, and the watch resumes where it was cut off or, if that is no longer possible, begins anew and
/// replaces the copy in one step.
public final class WatchedCollection<T> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WatchedCollection.class);

    // The registry sends a heartbeat every 15 s; a connection silent for three of them is dead.
    private static final Duration MAX_SILENCE = Duration.ofSeconds(45);
    private static final long FIRST_BACKOFF_MILLIS = 200;
    private static final long MAX_BACKOFF_MILLIS = 5_000;
    private static final int MAX_PROBLEM_BYTES = 64 * 1024;
    private static final ScheduledExecutorService WATCHDOG = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("registry-watchdog").factory());

    private final EventSource source;
    private final Class<T> type;
    private final Function<T, String> keyOf;
    private final JsonMapper json;
    private final RandomGenerator random;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopping = lock.newCondition();
    private Map<String, T> items = new HashMap<>();
    private boolean isSynced;
    private boolean isStopped;
    private @Nullable String position;
    private @Nullable Thread thread;

    WatchedCollection(
            EventSource source, Class<T> type, Function<T, String> keyOf, JsonMapper json, RandomGenerator random) {
        this.source = source;
        this.type = type;
        this.keyOf = keyOf;
        this.json = json;
        this.random = random;
    }

    /// Calls `listener` on the watch's own thread after each change; it must only note that there is something to do.
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// Begins to watch.
    public void start() {
        thread = Thread.ofVirtual().name("watch-" + type.getSimpleName()).start(this::run);
    }

    /// @return whether the list has been received in full at least once; before that absence means nothing
    public boolean isSynced() {
        lock.lock();
        try {
            return isSynced;
        } finally {
            lock.unlock();
        }
    }

    /// @return all items, in no order
    public List<T> list() {
        lock.lock();
        try {
            return new ArrayList<>(items.values());
        } finally {
            lock.unlock();
        }
    }

    /// @return the item with this key
    public Optional<T> find(String key) {
        lock.lock();
        try {
            return Optional.ofNullable(items.get(key));
        } finally {
            lock.unlock();
        }
    }

    /// Ends the watch; the copy stays readable.
    @Override
    public void close() {
        lock.lock();
        try {
            isStopped = true;
            stopping.signalAll();
        } finally {
            lock.unlock();
        }
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void run() {
        long backoff = FIRST_BACKOFF_MILLIS;
        while (!isStopped()) {
            boolean progressed = false;
            try {
                progressed = watchOnce();
            } catch (IOException | RuntimeException e) {
                log.atWarn()
                        .addKeyValue("watch", source)
                        .addKeyValue("error", e.toString())
                        .log("watch was cut off");
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
            backoff = progressed ? FIRST_BACKOFF_MILLIS : Math.min(backoff * 2, MAX_BACKOFF_MILLIS);
            if (!pause(random.nextLong(backoff / 2, backoff + 1))) {
                return;
            }
        }
    }

    /// @return whether anything was received
    private boolean watchOnce() throws IOException, InterruptedException {
        try (EventSource.Stream stream = source.open(position)) {
            if (stream.status() == 410) {
                // The registry is there: what it has now is asked for at once.
                boolean isNews = position != null;
                position = null;
                return isNews;
            }
            if (stream.status() != 200) {
                throw RegistryClient.problem(stream.status(), stream.remainder(MAX_PROBLEM_BYTES), json);
            }
            return receive(stream);
        }
    }

    private boolean receive(EventSource.Stream stream) throws IOException {
        var silence = new Silence(stream);
        try {
            Map<String, T> initial = position == null ? new HashMap<>() : null;
            boolean progressed = false;
            for (var event = stream.next(silence::broken);
                    event.isPresent() && !isStopped();
                    event = stream.next(silence::broken)) {
                initial = accept(event.get(), initial);
                progressed = true;
            }
            return progressed;
        } finally {
            silence.end();
        }
    }

    /// @param initial what has come of the present state so far; null once it is complete
    private @Nullable Map<String, T> accept(EventSource.Event event, @Nullable Map<String, T> initial) {
        switch (event.name()) {
            case WatchEvents.BOOKMARK -> {
                var bookmark = read(event.data(), WatchEvents.Bookmark.class);
                if (initial != null && bookmark.initialEventsEnd()) {
                    replace(initial);
                    position = bookmark.resourceVersion();
                    return null;
                }
            }
            case WatchEvents.ADDED, WatchEvents.MODIFIED -> {
                T item = read(event.data(), type);
                if (initial != null) {
                    initial.put(keyOf.apply(item), item);
                    return initial;
                }
                update(keyOf.apply(item), item);
            }
            case WatchEvents.DELETED -> {
                T item = read(event.data(), type);
                if (initial != null) {
                    initial.remove(keyOf.apply(item));
                    return initial;
                }
                update(keyOf.apply(item), null);
            }
            default ->
                log.atDebug()
                        .addKeyValue("watch", source)
                        .addKeyValue("event", event.name())
                        .log("unknown event");
        }
        if (initial == null && event.id() != null) {
            position = event.id();
        }
        return initial;
    }

    private <V> V read(String data, Class<V> valueType) {
        try {
            return json.readValue(data, valueType);
        } catch (JacksonException e) {
            // Going on would lose this change for good: begin anew instead.
            position = null;
            throw e;
        }
    }

    private void replace(Map<String, T> all) {
        lock.lock();
        try {
            items = all;
            isSynced = true;
        } finally {
            lock.unlock();
        }
        listeners.forEach(Runnable::run);
    }

    private void update(String key, @Nullable T item) {
        lock.lock();
        try {
            if (item == null) {
                items.remove(key);
            } else {
                items.put(key, item);
            }
        } finally {
            lock.unlock();
        }
        listeners.forEach(Runnable::run);
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return isStopped;
        } finally {
            lock.unlock();
        }
    }

    /// @return false if the collection was closed meanwhile
    private boolean pause(long millis) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (left > 0 && !isStopped) {
                left = stopping.awaitNanos(left);
            }
            return !isStopped;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// Closes a stream on which nothing has come for too long, so that its reader wakes up.
    private static final class Silence {

        private final EventSource.Stream stream;
        private ScheduledFuture<?> alarm;

        Silence(EventSource.Stream stream) {
            this.stream = stream;
            this.alarm = schedule();
        }

        void broken() {
            alarm.cancel(false);
            alarm = schedule();
        }

        void end() {
            alarm.cancel(false);
        }

        private ScheduledFuture<?> schedule() {
            return WATCHDOG.schedule(this::closeStream, MAX_SILENCE.toSeconds(), TimeUnit.SECONDS);
        }

        private void closeStream() {
            try {
                stream.close();
            } catch (IOException e) {
                log.atDebug().addKeyValue("error", e.toString()).log("closing a silent watch failed");
            }
        }
    }
}
