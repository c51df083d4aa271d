@NullMarked
package dev.petiole.scheduler.exposure;

import org.jspecify.annotations.NullMarked;
