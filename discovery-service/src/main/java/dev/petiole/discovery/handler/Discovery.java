package dev.petiole.discovery.handler;

import java.io.IOException;

/// Looking for the devices of one Configuration. It may be run again after it ended.
@FunctionalInterface
public interface Discovery {

    /// Looks until interrupted, on a virtual thread of its own, and reports the full list whenever it may have
    /// changed. The first report comes after the first complete scan, even if nothing was found; it must not
    /// come before.
    ///
    /// Returning or throwing without having been interrupted counts as a failure: devices stay as they are, and
    /// the discovery is run again after a while.
    ///
    /// @throws InterruptedException when asked to end
    /// @throws InvalidDetails if only the running shows that it can't be done as it is written
    /// @throws IOException if it can't go on; a place that does not answer while others do is a [Warning]
    ///     instead
    void run(DiscoverySink sink) throws IOException, InterruptedException;
}
