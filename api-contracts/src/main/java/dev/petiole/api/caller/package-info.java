/// Who calls, and what they may do.
@NullMarked
package dev.petiole.api.caller;

import org.jspecify.annotations.NullMarked;
