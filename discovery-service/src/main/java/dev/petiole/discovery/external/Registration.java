package dev.petiole.discovery.external;

import org.jspecify.annotations.Nullable;

/// What a handler has said of itself.
///
/// @param isNetwork whether `endpoint` is a URL and no socket's path
/// @param detailsSchema what its details may be; null if it does not tell
record Registration(
        String name,
        String endpoint,
        boolean isNetwork,
        boolean shared,
        @Nullable String detailsSchema) {}
