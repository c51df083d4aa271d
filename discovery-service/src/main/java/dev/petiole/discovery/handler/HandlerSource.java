package dev.petiole.discovery.handler;

import java.util.List;

/// Handlers that come and go while the service runs. Thread-safe.
public interface HandlerSource {

    /// @return those that are there now, each of another name; a handler of a name stays the same object
    List<DiscoveryHandler> handlers();

    /// Calls `listener` whenever [#handlers] or their status may have changed; it must only note that there is
    /// something to do.
    void onChange(Runnable listener);
}
