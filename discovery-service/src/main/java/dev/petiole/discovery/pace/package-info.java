/// When loops run: again and again, woken early, slower after failures. Knows nothing of what they do.
@NullMarked
package dev.petiole.discovery.pace;

import org.jspecify.annotations.NullMarked;
