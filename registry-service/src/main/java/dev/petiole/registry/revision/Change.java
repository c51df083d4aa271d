package dev.petiole.registry.revision;

import org.jspecify.annotations.Nullable;

/// One entry of the log: an item before and after a write.
///
/// @param before null if the item was added
/// @param after null if the item was deleted
public record Change<T>(
        long revision,
        Kind<T> kind,
        String key,
        @Nullable Versioned<T> before,
        @Nullable T after) {

    public Change {
        if (before == null && after == null) {
            throw new IllegalArgumentException("before and after: null (expected: at least one)");
        }
    }
}
