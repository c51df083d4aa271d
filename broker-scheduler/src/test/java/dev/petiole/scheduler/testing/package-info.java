/// What the tests of the scheduler stand on: a registry that says what it is told to, and a person's hand on the
/// cluster.
@NullMarked
package dev.petiole.scheduler.testing;

import org.jspecify.annotations.NullMarked;
