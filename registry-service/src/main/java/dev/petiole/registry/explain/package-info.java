/// Why a device is as it is, in words for an operator.
@NullMarked
package dev.petiole.registry.explain;

import org.jspecify.annotations.NullMarked;
