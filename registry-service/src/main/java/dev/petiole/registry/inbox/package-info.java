/// Decisions about devices: by people, one or many at once, and rules tried before they are believed.
@NullMarked
package dev.petiole.registry.inbox;

import org.jspecify.annotations.NullMarked;
