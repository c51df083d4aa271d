/// Kubernetes Events for what a person would want to know.
@NullMarked
package dev.petiole.scheduler.event;

import org.jspecify.annotations.NullMarked;
