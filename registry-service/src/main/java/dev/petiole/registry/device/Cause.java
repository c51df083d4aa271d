package dev.petiole.registry.device;

import org.jspecify.annotations.Nullable;

/// Who brought a change about, where the change itself does not tell.
///
/// @param by as in a [dev.petiole.api.device.DeviceEvent]
/// @param why a sentence for people
public record Cause(String by, @Nullable String why) {

    /// Nobody did: it follows from rules and time.
    public static Cause registry(String why) {
        return new Cause("registry", why);
    }
}
