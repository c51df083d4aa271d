/// A queue of keys to be looked at, and the loop that works on it. Knows nothing of what the keys mean.
@NullMarked
package dev.petiole.scheduler.queue;

import org.jspecify.annotations.NullMarked;
