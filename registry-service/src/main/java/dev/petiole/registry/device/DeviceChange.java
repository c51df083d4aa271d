package dev.petiole.registry.device;

import dev.petiole.registry.revision.Versioned;
import org.jspecify.annotations.Nullable;

/// A device before and after.
///
/// @param before null if it is new
/// @param after null if its record goes
/// @param cause null if the change itself tells
public record DeviceChange(
        @Nullable Versioned<DeviceRecord> before,
        @Nullable DeviceRecord after,
        @Nullable Cause cause) {

    /// A change that tells its cause itself.
    public DeviceChange(@Nullable Versioned<DeviceRecord> before, @Nullable DeviceRecord after) {
        this(before, after, null);
    }

    boolean isReal() {
        return before == null ? after != null : !before.value().equals(after);
    }
}
