package dev.petiole.discovery.handler;

/// The code that speaks one protocol and reports devices. One Spring bean per protocol; stateless and thread-safe.
public interface DiscoveryHandler {

    /// @return the name by which a Configuration asks for it, such as `udev`
    String name();

    /// @return whether several nodes can reach the devices it finds
    boolean isShared();

    /// Reads what a Configuration tells the handler. Does no I/O, so that a mistake is known at once.
    ///
    /// @throws InvalidDetails if it can't be done as it is written; the message names the field and the remedy
    Discovery prepare(HandlerInput input);
}
