/// What happens because time has passed, and the registry's own absence, which counts against nobody.
@NullMarked
package dev.petiole.registry.timer;

import org.jspecify.annotations.NullMarked;
