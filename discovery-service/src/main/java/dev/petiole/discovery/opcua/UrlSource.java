package dev.petiole.discovery.opcua;

import dev.petiole.discovery.handler.Warning;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// A way to learn of discovery URLs that nobody wrote down.
@FunctionalInterface
interface UrlSource {

    /// Looks until interrupted, on a thread of its own.
    ///
    /// @param finds gets all that is known after the first complete look, and whenever that changes; may block
    void run(Consumer<Find> finds) throws InterruptedException;

    /// @param warnings what keeps the source from working
    record Find(Set<DiscoveryUrl> urls, List<Warning> warnings) {

        public Find {
            urls = Set.copyOf(urls);
            warnings = List.copyOf(warnings);
        }
    }
}
