package dev.petiole.discovery.session;

import dev.petiole.api.configuration.ConfigurationKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// What is measured of the discoveries that run. A deleted Configuration takes its series with it. Thread-safe.
@Component
final class DiscoveryMeters {

    private final MeterRegistry registry;
    private final Map<ConfigurationKey, SessionMeters> all = new HashMap<>();

    DiscoveryMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /// Those of a Configuration and its handler; an edit that keeps the handler keeps the counts.
    synchronized SessionMeters of(ConfigurationKey configuration, String handler) {
        @Nullable SessionMeters known = all.get(configuration);
        if (known != null && known.handler().equals(handler)) {
            return known;
        }
        forget(configuration);
        var made = new SessionMeters(registry, configuration, handler);
        all.put(configuration, made);
        return made;
    }

    synchronized void forget(ConfigurationKey configuration) {
        @Nullable SessionMeters gone = all.remove(configuration);
        if (gone != null) {
            gone.remove();
        }
    }
}
