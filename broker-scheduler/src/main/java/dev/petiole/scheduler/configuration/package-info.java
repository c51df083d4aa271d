/// Configurations on their way from the cluster to the registry, and their status on the way back.
@NullMarked
package dev.petiole.scheduler.configuration;

import org.jspecify.annotations.NullMarked;
