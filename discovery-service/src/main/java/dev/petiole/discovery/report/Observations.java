package dev.petiole.discovery.report;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.discovery.handler.Warning;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;

/// The latest statement on each Configuration, and which of them the registry has yet to hear. A newer statement
/// replaces an older one that was not sent: nothing queues up. Thread-safe.
@Component
public final class Observations {

    private final Map<ConfigurationKey, Statement> latest = new HashMap<>();
    private final LinkedHashSet<ConfigurationKey> unsent = new LinkedHashSet<>();
    private final Set<ConfigurationKey> refused = new HashSet<>();
    private Map<ConfigurationKey, Warning> exposure = Map.of();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /// States what is seen now; saying the same again sends nothing.
    public void state(Statement statement) {
        synchronized (this) {
            Statement before = latest.put(statement.configuration(), statement);
            if (statement.equals(before)) {
                return;
            }
            unsent.add(statement.configuration());
            refused.remove(statement.configuration());
        }
        listeners.forEach(Runnable::run);
    }

    /// Says what there is to say of how devices are exposed, beside what their handlers say of how they are found.
    ///
    /// @param warnings all there are now
    public void warnOfExposure(Map<ConfigurationKey, Warning> warnings) {
        synchronized (this) {
            if (warnings.equals(exposure)) {
                return;
            }
            for (ConfigurationKey configuration : latest.keySet()) {
                if (!Objects.equals(warnings.get(configuration), exposure.get(configuration))) {
                    unsent.add(configuration);
                }
            }
            exposure = Map.copyOf(warnings);
        }
        listeners.forEach(Runnable::run);
    }

    /// Has nothing more to say about a Configuration.
    public synchronized void forget(ConfigurationKey configuration) {
        latest.remove(configuration);
        unsent.remove(configuration);
        refused.remove(configuration);
    }

    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// Says once more what was said last of a Configuration, unless it was refused.
    public void sendAgain(ConfigurationKey configuration) {
        synchronized (this) {
            if (!latest.containsKey(configuration) || refused.contains(configuration) || !unsent.add(configuration)) {
                return;
            }
        }
        listeners.forEach(Runnable::run);
    }

    /// A new session knows nothing of what an older one said.
    synchronized void sendAllAgain() {
        unsent.addAll(latest.keySet());
        refused.clear();
    }

    /// @return the statement that has waited longest; it no longer counts as unsent
    synchronized Optional<Statement> takeUnsent() {
        if (unsent.isEmpty()) {
            return Optional.empty();
        }
        ConfigurationKey next = unsent.removeFirst();
        return Optional.ofNullable(latest.get(next)).map(statement -> statement.warnedOf(exposure.get(next)));
    }

    /// The registry does not take the statement, and would not take it another time.
    synchronized void refuse(Statement statement) {
        refused.add(statement.configuration());
    }

    /// The statement could not be sent.
    synchronized void putBack(Statement statement) {
        if (latest.containsKey(statement.configuration())) {
            unsent.add(statement.configuration());
        }
    }
}
