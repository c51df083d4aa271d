package dev.petiole.discovery.external;

import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.HandlerSource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.springframework.stereotype.Component;

/// The external handlers that have registered, one per name however many endpoints it has.
@Component
final class ExternalHandlers implements HandlerSource {

    private final Endpoints endpoints;
    private final ExternalHandlerProperties properties;
    private final Clock clock;
    private final RandomGenerator random;

    // A handler stays the same object as long as it is there.
    private final Map<String, ExternalHandler> handlers = new HashMap<>();

    ExternalHandlers(Endpoints endpoints, ExternalHandlerProperties properties, Clock clock, RandomGenerator random) {
        this.endpoints = endpoints;
        this.properties = properties;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public List<DiscoveryHandler> handlers() {
        Map<String, List<Endpoint>> byName = endpoints.byName();
        synchronized (this) {
            handlers.keySet().retainAll(byName.keySet());
            byName.keySet()
                    .forEach(name -> handlers.computeIfAbsent(
                            name, _ -> new ExternalHandler(name, endpoints, properties, clock, random)));
            return new ArrayList<>(handlers.values());
        }
    }

    @Override
    public void onChange(Runnable listener) {
        endpoints.onChange(listener);
    }
}
