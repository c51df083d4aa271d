/// The log as Server-Sent Events: initial state, changes in order, bookmarks and heartbeats.
@NullMarked
package dev.petiole.registry.watch;

import org.jspecify.annotations.NullMarked;
