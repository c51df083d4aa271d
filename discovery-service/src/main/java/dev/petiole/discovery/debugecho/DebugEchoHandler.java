package dev.petiole.discovery.debugecho;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.DiscoverySink;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.InvalidDetails;
import dev.petiole.discovery.handler.Sighting;
import dev.petiole.discovery.handler.YamlDetails;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/// Akri's debugEcho: one device per description, all of them gone while a file says OFFLINE.
@Component
@ConditionalOnBooleanProperty("petiole.debug-echo.enabled")
final class DebugEchoHandler implements DiscoveryHandler {

    static final String DESCRIPTION_PROPERTY = "DEBUG_ECHO_DESCRIPTION";

    private final boolean shared;
    private final AvailabilityFile availability;

    DebugEchoHandler(DebugEchoProperties properties, AvailabilityFile availability) {
        this.shared = properties.shared();
        this.availability = availability;
    }

    record Details(@Nullable List<String> descriptions) {}

    @Override
    public String name() {
        return "debugEcho";
    }

    @Override
    public boolean isShared() {
        return shared;
    }

    @Override
    public Discovery prepare(HandlerInput input) {
        List<String> descriptions =
                YamlDetails.read(input.details(), Details.class).descriptions();
        if (descriptions == null) {
            throw new InvalidDetails("discoveryDetails.descriptions: missing (expected: a list of device names)");
        }
        if (descriptions.stream().anyMatch(description -> description == null || description.isBlank())) {
            throw new InvalidDetails("discoveryDetails.descriptions: has an empty entry (expected: device names)");
        }
        List<DiscoveredDevice> devices = descriptions.stream()
                .distinct()
                .map(description -> DiscoveredDevice.of(description, Map.of(DESCRIPTION_PROPERTY, description)))
                .toList();
        return sink -> run(devices, sink);
    }

    private void run(List<DiscoveredDevice> devices, DiscoverySink sink) throws InterruptedException {
        var changed = new Semaphore(1);
        try (AvailabilityFile.Subscription _ = availability.onChange(changed::release)) {
            while (true) {
                changed.acquire();
                changed.drainPermits();
                sink.report(Sighting.of(availability.isOffline() ? List.of() : devices));
            }
        }
    }
}
