/// What the registry says, as consistent snapshots by Configuration.
///
/// No module but this one watches the registry.
@NullMarked
package dev.petiole.scheduler.registry;

import org.jspecify.annotations.NullMarked;
