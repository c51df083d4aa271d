/// One leaf device as the registry knows it, and who holds its slots.
@NullMarked
package dev.petiole.api.device;

import org.jspecify.annotations.NullMarked;
