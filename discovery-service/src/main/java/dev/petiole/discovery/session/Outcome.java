package dev.petiole.discovery.session;

import dev.petiole.api.agent.Observation.ObservedDevice;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.Sighting;
import dev.petiole.discovery.handler.Warning;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How a discovery fares.
///
/// @param devices null if it says nothing about them
/// @param isPartial whether nothing can be concluded from what is not in `devices`
record Outcome(
        DiscoveryState state,
        @Nullable String reason,
        @Nullable String message,
        @Nullable List<ObservedDevice> devices,
        boolean isPartial) {

    static final Outcome NOTHING_YET = new Outcome(DiscoveryState.WAITING, null, null, null, false);

    static Outcome withoutDevices(DiscoveryState state, String reason, @Nullable String message) {
        return new Outcome(state, reason, message, null, false);
    }

    static Outcome of(Sighting sighting) {
        List<ObservedDevice> devices = sighting.devices().stream()
                .map(device -> new ObservedDevice(device.identity(), device.properties()))
                .toList();
        if (sighting.warnings().isEmpty()) {
            return new Outcome(DiscoveryState.RUNNING, null, null, devices, sighting.isPartial());
        }
        return new Outcome(
                DiscoveryState.DEGRADED,
                sighting.warnings().getFirst().reason(),
                sighting.warnings().stream().map(Warning::message).collect(Collectors.joining("; ")),
                devices,
                sighting.isPartial());
    }

    /// What comes after this when nothing can be seen: it may have gone well until now.
    Outcome hampered(String reason, String message) {
        boolean hadSeen = state == DiscoveryState.RUNNING || state == DiscoveryState.DEGRADED;
        DiscoveryState next = hadSeen ? DiscoveryState.DEGRADED : DiscoveryState.WAITING;
        return withoutDevices(
                reason.equals(DiscoveryReason.INVALID_DETAILS) ? DiscoveryState.FAILED : next, reason, message);
    }

    boolean isSameAs(Outcome other) {
        return state == other.state && (reason == null ? other.reason == null : reason.equals(other.reason));
    }
}
