package dev.petiole.scheduler.reconcile;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Up when the cluster and the registry have been listed in full.
final class InformedHealth implements HealthIndicator {

    private final ReconcileLoop loop;

    InformedHealth(ReconcileLoop loop) {
        this.loop = loop;
    }

    @Override
    public Health health() {
        return loop.isInformed() ? Health.up().build() : Health.down().build();
    }
}
