package dev.petiole.samples.inventory;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// The broker is ready while it has a fresh reading.
@Component
final class ScaleHealthIndicator implements HealthIndicator {

    private final Scale scale;

    ScaleHealthIndicator(Scale scale) {
        this.scale = scale;
    }

    @Override
    public Health health() {
        return scale.findFreshReading()
                .map(reading ->
                        Health.up().withDetail("readAt", reading.readAt()).build())
                .orElseGet(() -> Health.outOfService().build());
    }
}
