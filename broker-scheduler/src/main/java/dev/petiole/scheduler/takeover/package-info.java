/// Objects that pass from another manager of the same API group to Petiole, and back: their finalizers, the
/// ownership of their fields, and the slots that were granted.
@NullMarked
package dev.petiole.scheduler.takeover;

import org.jspecify.annotations.NullMarked;
