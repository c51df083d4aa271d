/// Decides which Instances there should be and what their status says. Pure: no I/O, no clock.
@NullMarked
package dev.petiole.scheduler.instance;

import org.jspecify.annotations.NullMarked;
