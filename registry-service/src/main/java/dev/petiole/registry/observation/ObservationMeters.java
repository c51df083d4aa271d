package dev.petiole.registry.observation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/// What is measured of observations.
@Component
final class ObservationMeters {

    private final Counter applied;
    private final Counter outdated;

    ObservationMeters(MeterRegistry registry) {
        this.applied = observations(registry, "applied");
        this.outdated = observations(registry, "outdated");
    }

    /// @param isNews whether it was newer than all before, and of a Configuration that is
    void taken(boolean isNews) {
        (isNews ? applied : outdated).increment();
    }

    private static Counter observations(MeterRegistry registry, String outcome) {
        return Counter.builder("petiole.registry.observations")
                .description("Observations that were taken: applied, or outdated and so without effect")
                .tag("outcome", outcome)
                .register(registry);
    }
}
