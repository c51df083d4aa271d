package dev.petiole.discovery;

import dev.petiole.discovery.inventory.Inventory;
import dev.petiole.discovery.management.ReadinessCheck;
import dev.petiole.discovery.report.RegistrySession;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Ready once the registry has been heard in full. Once that was so the service stays ready, wherever the registry is.
@Component
final class FirstSyncHealth implements ReadinessCheck {

    private final Inventory inventory;
    private final RegistrySession session;
    private volatile boolean wasSynced;

    FirstSyncHealth(Inventory inventory, RegistrySession session) {
        this.inventory = inventory;
        this.session = session;
    }

    @Override
    public Optional<String> findObstacle() {
        wasSynced |= inventory.isSynced() && session.id().isPresent();
        return wasSynced ? Optional.empty() : Optional.of("for the registry");
    }
}
