package dev.petiole.discovery.external;

import dev.petiole.api.handler.HandlerKind;
import dev.petiole.api.handler.HandlerState;
import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.HandlerStatus;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// A handler in other processes: all endpoints that have registered under its name.
final class ExternalHandler implements DiscoveryHandler {

    private final String name;
    private final Endpoints endpoints;
    private final ExternalHandlerProperties properties;
    private final Clock clock;
    private final RandomGenerator random;

    ExternalHandler(
            String name,
            Endpoints endpoints,
            ExternalHandlerProperties properties,
            Clock clock,
            RandomGenerator random) {
        this.name = name;
        this.endpoints = endpoints;
        this.properties = properties;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isShared() {
        // All that are connected agree; the newest one knows.
        List<Endpoint> all = endpoints.of(name);
        return !all.isEmpty() && all.getLast().registration().shared();
    }

    @Override
    public Optional<String> detailsSchema() {
        return endpoints.of(name).reversed().stream()
                .map(endpoint -> endpoint.registration().detailsSchema())
                .filter(Objects::nonNull)
                .findFirst();
    }

    @Override
    public HandlerStatus status() {
        List<HandlerStatus.Endpoint> all =
                endpoints.of(name).stream().map(Endpoint::status).toList();
        long ready = all.stream()
                .filter(endpoint -> endpoint.state() == HandlerState.READY)
                .count();
        boolean isReachable = all.stream().anyMatch(endpoint -> endpoint.state() != HandlerState.UNAVAILABLE);
        if (ready == all.size()) {
            return new HandlerStatus(HandlerKind.EXTERNAL, HandlerState.READY, null, all);
        }
        String message = all.stream()
                .filter(endpoint -> endpoint.message() != null)
                .map(endpoint -> endpoint.address() + ": " + endpoint.message())
                .findFirst()
                .orElse("it does not answer");
        return new HandlerStatus(
                HandlerKind.EXTERNAL, isReachable ? HandlerState.DEGRADED : HandlerState.UNAVAILABLE, message, all);
    }

    @Override
    public Discovery prepare(HandlerInput input) {
        return sink -> {
            try (var discovery = new ExternalDiscovery(name, input, endpoints, properties, clock, random)) {
                discovery.run(sink);
            }
        };
    }
}
