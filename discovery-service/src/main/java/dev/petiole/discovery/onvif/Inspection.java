package dev.petiole.discovery.onvif;

import dev.petiole.discovery.handler.Warning;
import java.util.List;

/// What came of asking a device itself.
sealed interface Inspection {

    /// It answered, where it did before.
    record Alive() implements Inspection {}

    /// It answered, and was asked all there is to ask.
    ///
    /// @param isComplete false if something it may tell could not be read this time
    record Read(ServiceAddress at, DeviceFacts facts, boolean isComplete, List<Warning> warnings)
            implements Inspection {
        public Read {
            warnings = List.copyOf(warnings);
        }
    }

    /// None of its addresses answered as a device.
    record Unreachable(Warning warning) implements Inspection {}
}
