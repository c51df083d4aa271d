/// The handler that docs/handlers.md has its reader write.
@NullMarked
package dev.petiole.discovery.tcp;

import org.jspecify.annotations.NullMarked;
