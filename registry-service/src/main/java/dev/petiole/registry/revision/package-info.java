/// The ordered log of everything that changes, and the one writer that appends to it.
///
/// Modules write through [dev.petiole.registry.revision.RegistryWriter] and read consistent states through
/// [dev.petiole.registry.revision.Snapshots]. Nothing here knows what is logged.
@NullMarked
package dev.petiole.registry.revision;

import org.jspecify.annotations.NullMarked;
