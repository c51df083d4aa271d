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
    /// @param finds gets all that is known after the first complete look, and whenever that changes or something
    ///     announces itself; may block
    void run(Consumer<Find> finds) throws InterruptedException;

    /// @param fresh those that have just announced themselves, so that asking them again is worth while
    /// @param warnings what keeps the source from working
    record Find(Set<DiscoveryUrl> urls, Set<DiscoveryUrl> fresh, List<Warning> warnings) {

        public Find {
            urls = Set.copyOf(urls);
            fresh = Set.copyOf(fresh);
            warnings = List.copyOf(warnings);
        }
    }
}
