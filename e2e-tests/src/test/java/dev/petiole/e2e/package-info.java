/// Stories told on a real cluster.
@NullMarked
package dev.petiole.e2e;

import org.jspecify.annotations.NullMarked;
