package dev.petiole.discovery;

import dev.petiole.discovery.inventory.Inventory;
import dev.petiole.discovery.report.RegistrySession;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Ready once the registry has been heard in full. Once that was so the service stays ready, wherever the registry is.
@Component("firstSync")
final class FirstSyncHealth implements HealthIndicator {

    private final Inventory inventory;
    private final RegistrySession session;
    private volatile boolean wasSynced;

    FirstSyncHealth(Inventory inventory, RegistrySession session) {
        this.inventory = inventory;
        this.session = session;
    }

    @Override
    public Health health() {
        wasSynced |= inventory.isSynced() && session.id().isPresent();
        return wasSynced
                ? Health.up().build()
                : Health.outOfService()
                        .withDetail("waiting", "for the registry")
                        .build();
    }
}
