/// The small language by which a template speaks of the device that it is filled in for. Pure: no I/O, no clock, no
/// reflection, no loops; what it inserts is never read again.
///
/// Knows nothing of brokers or of the cluster.
@NullMarked
package dev.petiole.scheduler.template;

import org.jspecify.annotations.NullMarked;
