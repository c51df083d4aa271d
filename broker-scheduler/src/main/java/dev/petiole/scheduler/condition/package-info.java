/// Conditions as the Kubernetes API conventions define them. Pure.
@NullMarked
package dev.petiole.scheduler.condition;

import org.jspecify.annotations.NullMarked;
