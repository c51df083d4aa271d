/// The inbox: decisions about devices that wait for one.
@NullMarked
package dev.petiole.api.inbox;

import org.jspecify.annotations.NullMarked;
