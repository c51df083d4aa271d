package dev.petiole.registry.node;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param duration how long the registry believes in a node that says nothing
/// @param renewEvery how often a discovery service should renew
@ConfigurationProperties("petiole.lease")
record NodeProperties(
        @DefaultValue("40s") Duration duration,
        @DefaultValue("10s") Duration renewEvery) {

    NodeProperties {
        if (!renewEvery.isPositive() || renewEvery.compareTo(duration) >= 0) {
            throw new IllegalArgumentException("petiole.lease.renew-every: " + renewEvery
                    + " (expected: shorter than duration, " + duration + ")");
        }
    }
}
