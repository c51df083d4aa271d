package dev.petiole.registry.device;

import dev.petiole.registry.revision.Versioned;
import org.jspecify.annotations.Nullable;

/// A device before and after.
///
/// @param before null if it is new
/// @param after null if its record goes
public record DeviceChange(
        @Nullable Versioned<DeviceRecord> before, @Nullable DeviceRecord after) {

    boolean isReal() {
        return before == null ? after != null : !before.value().equals(after);
    }
}
