package dev.petiole.api.handler;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A discovery handler on one node, as its discovery service last reported it; whether that service is alive is told by
/// the node's lease.
///
/// @param name what a Configuration asks for in `discoveryHandler.name`
/// @param shared whether several nodes can reach the devices it finds
/// @param since when `state` last changed
/// @param lastError the latest one; it stays when the handler has recovered. Null if there was none
/// @param detailsSchema what `discoveryDetails` may be, in the vocabulary of JSON Schema (2020-12) that
/// docs/handlers.md
///     lists, for forms and checks; null if the handler does not tell
/// @param endpoints the ways to it, ordered by address; none if it is built in
/// @param resourceVersion opaque; changes with every change of this record
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Handler(
        String node,
        String name,
        HandlerKind kind,
        boolean shared,
        HandlerState state,
        Instant since,
        @Nullable Failure lastError,
        @Nullable Map<String, Object> detailsSchema,
        List<Endpoint> endpoints,
        String resourceVersion) {

    public Handler {
        endpoints = List.copyOf(endpoints);
    }

    /// Something that went wrong.
    public record Failure(String message, Instant at) {}

    /// One way to an external handler.
    ///
    /// @param address a socket's path or a URL
    /// @param since when `state` last changed
    /// @param lastError as of the handler
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Endpoint(
            String address,
            HandlerState state,
            Instant since,
            @Nullable Failure lastError) {}
}
