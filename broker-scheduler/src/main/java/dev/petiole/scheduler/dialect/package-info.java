/// The names, labels and resource names of an API group: the only place that may differ by group.
@NullMarked
package dev.petiole.scheduler.dialect;

import org.jspecify.annotations.NullMarked;
