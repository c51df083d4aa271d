/// Discovery handlers as the nodes report them, and what their schemas say of a Configuration's discovery details.
@NullMarked
package dev.petiole.registry.handler;

import org.jspecify.annotations.NullMarked;
