/// Decides which nodes get the brokers of a device. Pure: no I/O, no clock.
@NullMarked
package dev.petiole.scheduler.placement;

import org.jspecify.annotations.NullMarked;
