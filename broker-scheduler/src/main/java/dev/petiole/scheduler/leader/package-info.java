/// Which of several schedulers acts.
@NullMarked
package dev.petiole.scheduler.leader;

import org.jspecify.annotations.NullMarked;
