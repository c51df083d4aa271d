/// What the scheduler knows of nodes, and how it tells the registry.
@NullMarked
package dev.petiole.scheduler.node;

import org.jspecify.annotations.NullMarked;
