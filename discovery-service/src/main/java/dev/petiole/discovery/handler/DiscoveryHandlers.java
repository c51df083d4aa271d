package dev.petiole.discovery.handler;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// The handlers this node offers.
@Component
public final class DiscoveryHandlers {

    private final List<DiscoveryHandler> handlers;

    DiscoveryHandlers(List<DiscoveryHandler> handlers) {
        this.handlers = handlers.stream()
                .sorted(Comparator.comparing(DiscoveryHandler::name))
                .toList();
    }

    /// Exactly these.
    public static DiscoveryHandlers of(DiscoveryHandler... handlers) {
        return new DiscoveryHandlers(List.of(handlers));
    }

    /// @return the handler a Configuration asks for by this name
    public Optional<DiscoveryHandler> find(String name) {
        return handlers.stream().filter(handler -> handler.name().equals(name)).findFirst();
    }

    /// @return all of them, ordered by name
    public List<DiscoveryHandler> list() {
        return handlers;
    }
}
