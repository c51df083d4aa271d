package dev.petiole.discovery.opcua;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Warning;
import java.util.List;

/// What asking one URL brought.
///
/// @param warnings one for each address that did not answer
record UrlAnswer(DiscoveryUrl url, List<DiscoveredDevice> devices, List<Warning> warnings) {

    UrlAnswer {
        devices = List.copyOf(devices);
        warnings = List.copyOf(warnings);
    }

    boolean isComplete() {
        return warnings.isEmpty();
    }
}
