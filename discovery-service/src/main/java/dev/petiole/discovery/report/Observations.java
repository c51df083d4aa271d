package dev.petiole.discovery.report;

import dev.petiole.api.configuration.ConfigurationKey;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;

/// The latest statement on each Configuration, and which of them the registry has yet to hear. A newer statement
/// replaces an older one that was not sent: nothing queues up. Thread-safe.
@Component
public final class Observations {

    private final Map<ConfigurationKey, Statement> latest = new HashMap<>();
    private final LinkedHashSet<ConfigurationKey> unsent = new LinkedHashSet<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /// States what is seen now; saying the same again sends nothing.
    public void state(Statement statement) {
        synchronized (this) {
            Statement before = latest.put(statement.configuration(), statement);
            if (statement.equals(before)) {
                return;
            }
            unsent.add(statement.configuration());
        }
        listeners.forEach(Runnable::run);
    }

    /// Has nothing more to say about a Configuration.
    public synchronized void forget(ConfigurationKey configuration) {
        latest.remove(configuration);
        unsent.remove(configuration);
    }

    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// A new session knows nothing of what an older one said.
    synchronized void sendAllAgain() {
        unsent.addAll(latest.keySet());
    }

    /// @return the statement that has waited longest; it no longer counts as unsent
    synchronized Optional<Statement> takeUnsent() {
        if (unsent.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(latest.get(unsent.removeFirst()));
    }

    /// The statement could not be sent.
    synchronized void putBack(Statement statement) {
        if (latest.containsKey(statement.configuration())) {
            unsent.add(statement.configuration());
        }
    }
}
