package dev.petiole.discovery.report;

import dev.petiole.api.agent.Observation;
import dev.petiole.api.agent.Observation.ObservedDevice;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.discovery.handler.Warning;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An observation before it has a session and a sequence number.
///
/// @param devices null says nothing about them; see [Observation]
/// @param isPartial see [Observation]
public record Statement(
        ConfigurationKey configuration,
        String configurationUid,
        long generation,
        String handler,
        boolean shared,
        DiscoveryState state,
        @Nullable String reason,
        @Nullable String message,
        @Nullable List<ObservedDevice> devices,
        boolean isPartial) {

    public Statement {
        devices = devices == null ? null : List.copyOf(devices);
    }

    /// @param warning null for none
    /// @return the same with the warning, where devices are found at all
    Statement warnedOf(@Nullable Warning warning) {
        if (warning == null || (state != DiscoveryState.RUNNING && state != DiscoveryState.DEGRADED)) {
            return this;
        }
        return new Statement(
                configuration,
                configurationUid,
                generation,
                handler,
                shared,
                DiscoveryState.DEGRADED,
                reason == null ? warning.reason() : reason,
                message == null ? warning.message() : message + "; " + warning.message(),
                devices,
                isPartial);
    }

    Observation toObservation(String session, long sequence) {
        return new Observation(
                session,
                sequence,
                configuration,
                configurationUid,
                generation,
                handler,
                shared,
                state,
                reason,
                message,
                devices,
                isPartial ? true : null);
    }
}
