/// Devices, their names, and the rules by which their presence changes.
@NullMarked
package dev.petiole.registry.device;

import org.jspecify.annotations.NullMarked;
