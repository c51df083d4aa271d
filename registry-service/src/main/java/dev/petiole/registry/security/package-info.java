/// Who calls, and what they may do. No other module knows of it.
@NullMarked
package dev.petiole.registry.security;

import org.jspecify.annotations.NullMarked;
