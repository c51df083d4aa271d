/// Decides which brokers and Services there should be. Pure: no I/O, no clock.
///
/// The tests of this package's planner read like its specification: a directory per case.
@NullMarked
package dev.petiole.scheduler.workload;

import org.jspecify.annotations.NullMarked;
