/// The loop: observes a Configuration, has the planners decide, applies the differences, writes the status.
///
/// Uses every other module; none uses it.
@NullMarked
package dev.petiole.scheduler.reconcile;

import org.jspecify.annotations.NullMarked;
