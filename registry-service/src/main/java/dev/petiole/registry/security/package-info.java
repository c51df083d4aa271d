/// Who calls, and what they may do. Other modules know of it only who made a request ([Actors]).
@NullMarked
package dev.petiole.registry.security;

import org.jspecify.annotations.NullMarked;
