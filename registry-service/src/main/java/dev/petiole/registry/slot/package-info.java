/// Slots and their holders: at most `capacity` of them, whatever is repeated, lost or late.
@NullMarked
package dev.petiole.registry.slot;

import org.jspecify.annotations.NullMarked;
