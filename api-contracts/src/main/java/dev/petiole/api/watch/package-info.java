/// Lists, and the Server-Sent Events that keep a copy of one up to date.
@NullMarked
package dev.petiole.api.watch;

import org.jspecify.annotations.NullMarked;
