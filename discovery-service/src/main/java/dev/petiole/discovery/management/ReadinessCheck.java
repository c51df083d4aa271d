package dev.petiole.discovery.management;

import java.util.Optional;

/// One thing that must be so before the service counts as ready.
@FunctionalInterface
public interface ReadinessCheck {

    /// @return what is still waited for; empty if nothing is
    Optional<String> findObstacle();
}
