/// What discovery services say: the use case that turns a handler's list into changes of devices.
@NullMarked
package dev.petiole.registry.observation;

import org.jspecify.annotations.NullMarked;
