package dev.petiole.discovery.handler;

import dev.petiole.api.handler.HandlerKind;
import dev.petiole.api.handler.HandlerState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a handler fares.
///
/// @param message a sentence for people; null while all is well
/// @param endpoints the ways to it; none if it is built in
public record HandlerStatus(
        HandlerKind kind, HandlerState state, @Nullable String message, List<Endpoint> endpoints) {

    /// That of a handler which is part of this service.
    public static final HandlerStatus BUILT_IN =
            new HandlerStatus(HandlerKind.BUILT_IN, HandlerState.READY, null, List.of());

    public HandlerStatus {
        endpoints = List.copyOf(endpoints);
    }

    /// One way to a handler.
    public record Endpoint(
            String address, HandlerState state, @Nullable String message) {}
}
