/// Removes, before an uninstall, what nothing else would remove.
@NullMarked
package dev.petiole.scheduler.uninstall;

import org.jspecify.annotations.NullMarked;
