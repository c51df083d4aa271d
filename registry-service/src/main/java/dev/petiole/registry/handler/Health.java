package dev.petiole.registry.handler;

import dev.petiole.api.handler.Handler.Failure;
import dev.petiole.api.handler.HandlerState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How a handler, or one way to it, fares.
///
/// @param since when `state` last changed
/// @param message the latest report's; null while all is well
/// @param lastError stays when all is well again
record Health(
        HandlerState state,
        Instant since,
        @Nullable String message,
        @Nullable Failure lastError) {

    /// @param before null if nothing was known
    static Health after(@Nullable Health before, HandlerState state, @Nullable String message, Instant now) {
        if (before == null) {
            return new Health(state, now, message, message == null ? null : new Failure(message, now));
        }
        // The same trouble, still there, is no new error.
        Failure error =
                message == null || message.equals(before.message) ? before.lastError : new Failure(message, now);
        return new Health(state, before.state == state ? before.since : now, message, error);
    }
}
