package dev.petiole.discovery.handler;

import java.util.Optional;

/// The code that speaks one protocol and reports devices. One Spring bean per protocol; stateless and thread-
/// safe.
public interface DiscoveryHandler {

    /// @return the name by which a Configuration asks for it, such as `udev`
    String name();

    /// @return whether several nodes can reach the devices it finds
    boolean isShared();

    /// Reads what a Configuration tells the handler. Does no I/O, so that a mistake is known at once.
    ///
    /// @throws InvalidDetails if it can't be done as it is written; the message names the field and the remedy
    Discovery prepare(HandlerInput input);

    /// What the details may be, in the vocabulary of JSON Schema that docs/handlers.md lists: it is published,
    /// so that a portal can draw a form, and what it does not allow is refused when it is written over REST. By
    /// default the file `details.schema.json` beside the class.
    ///
    /// @return empty if it does not tell
    default Optional<String> detailsSchema() {
        return DetailsSchemaFile.find(getClass());
    }

    /// @return how it fares now
    default HandlerStatus status() {
        return HandlerStatus.BUILT_IN;
    }
}
