package dev.petiole.discovery.session;

import dev.petiole.discovery.dialect.Dialect;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Sighting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What tells devices apart is for the API group to say. Two that it can't tell apart are one.
final class Identities {

    private Identities() {}

    static Sighting of(Sighting sighting, String group) {
        Dialect dialect = Dialect.of(group);
        var byIdentity = sighting.devices().stream()
                .map(device -> device.withIdentity(dialect.identity(device)))
                .collect(Collectors.toMap(
                        DiscoveredDevice::identity, Function.identity(), (first, _) -> first, LinkedHashMap::new));
        return new Sighting(new ArrayList<>(byIdentity.values()), sighting.warnings(), sighting.isPartial());
    }
}
