package dev.petiole.registry.testing;

import dev.petiole.api.device.Device;
import dev.petiole.registry.testing.EventLog.Event;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Folds a watch of devices, and notes whatever a watch must never do: go backwards, repeat, skip what was
/// there, invent what was not. A stream that ends it goes on with where it was, at the next replica.
public final class StrictWatcher implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI[] replicas;
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Map<String, String>> folded = new AtomicReference<>(Map.of());
    private final Thread thread;
    private volatile boolean isClosed;
    private volatile @Nullable EventLog stream;

    private @Nullable Map<String, String> state;
    private @Nullable String position;

    private StrictWatcher(int first, URI... replicas) {
        this.replicas = replicas.clone();
        this.thread = Thread.ofVirtual().name("strict-watcher").start(() -> run(first));
    }

    /// @param first with which of the replicas it begins
    /// @param replicas the list with its filters, at each of them
    public static StrictWatcher start(int first, URI... replicas) {
        return new StrictWatcher(first, replicas);
    }

    /// @return resource versions by name, as of the events so far; empty until the initial state is complete
    public Map<String, String> versions() {
        return folded.get();
    }

    /// @return what it has seen that must not be
    public Queue<String> faults() {
        return faults;
    }

    @Override
    public void close() {
        isClosed = true;
        EventLog open = stream;
        if (open != null) {
            open.close();
        }
        thread.interrupt();
    }

    private void run(int first) {
        for (int turn = first; !isClosed; turn++) {
            try (EventLog open = EventLog.open(replicas[turn % replicas.length], position)) {
                stream = open;
                if (open.status() == 410) {
                    state = null;
                    position = null;
                } else if (open.status() == 200) {
                    follow(open);
                }
            } catch (IOException _) {
                // Killed: the next one, in a moment.
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void follow(EventLog open) throws IOException {
        Map<String, String> initial = state == null ? new HashMap<>() : null;
        for (Event event = open.next(); event != null; event = open.next()) {
            if (initial == null) {
                apply(event);
            } else if (event.name().equals("bookmark")) {
                state = initial;
                position = event.id();
                initial = null;
            } else {
                begin(initial, event);
            }
            if (state != null) {
                folded.set(Map.copyOf(state));
            }
        }
    }

    private void begin(Map<String, String> initial, Event event) {
        Device device = JSON.readValue(event.data(), Device.class);
        if (event.id() != null) {
            faults.add("an id in the initial state: " + event);
        }
        if (event.name().equals("deleted")) {
            initial.remove(device.name());
        } else {
            initial.put(device.name(), device.resourceVersion());
        }
    }

    private void apply(Event event) {
        Map<String, String> devices = Objects.requireNonNull(state);
        String id = Objects.requireNonNull(event.id());
        if (event.name().equals("bookmark")) {
            if (revision(id) < revision(position)) {
                faults.add("a bookmark before " + position + ": " + id);
            }
            position = id;
            return;
        }
        if (revision(id) <= revision(position)) {
            faults.add("not after " + position + ": " + id);
        }
        Device device = JSON.readValue(event.data(), Device.class);
        boolean wasThere = devices.containsKey(device.name());
        if (wasThere == event.name().equals("added")) {
            faults.add(event.name() + " of " + device.name() + " at " + id + ", which "
                    + (wasThere ? "is there" : "is not there"));
        }
        if (event.name().equals("deleted")) {
            devices.remove(device.name());
        } else {
            devices.put(device.name(), device.resourceVersion());
        }
        position = id;
    }

    private static long revision(@Nullable String resourceVersion) {
        return resourceVersion == null
                ? 0
                : Long.parseLong(resourceVersion.substring(resourceVersion.indexOf('-') + 1));
    }
}
