package dev.petiole.discovery.handler;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// The handlers this node offers. A built-in one goes before an external one of the same name. Thread-safe.
@Component
public final class DiscoveryHandlers {

    private final List<DiscoveryHandler> builtIn;
    private final Set<String> builtInNames;
    private final List<HandlerSource> sources;

    DiscoveryHandlers(
            ObjectProvider<DiscoveryHandler> builtIn,
            ObjectProvider<HandlerSource> sources,
            HandlerProperties properties) {
        this.builtIn = builtIn.stream()
                .filter(handler -> !properties.disabled().contains(handler.name()))
                .toList();
        this.builtInNames = this.builtIn.stream().map(DiscoveryHandler::name).collect(Collectors.toUnmodifiableSet());
        this.sources = sources.stream().toList();
    }

    /// @return the handler a Configuration asks for by this name
    public Optional<DiscoveryHandler> find(String name) {
        return all().filter(handler -> handler.name().equals(name)).findFirst();
    }

    /// @return all of them, ordered by name
    public List<DiscoveryHandler> list() {
        return all().sorted(Comparator.comparing(DiscoveryHandler::name)).toList();
    }

    /// Calls `listener` whenever [#list] or a handler's status may have changed; it must only note that there
    /// is something to do.
    public void onChange(Runnable listener) {
        sources.forEach(source -> source.onChange(listener));
    }

    private Stream<DiscoveryHandler> all() {
        return Stream.concat(
                builtIn.stream(),
                sources.stream()
                        .flatMap(source -> source.handlers().stream())
                        .filter(handler -> !builtInNames.contains(handler.name())));
    }
}
