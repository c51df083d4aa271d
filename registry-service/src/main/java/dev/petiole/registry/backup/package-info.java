/// Backup and restore of the database that is a file of the registry's own.
@NullMarked
package dev.petiole.registry.backup;

import org.jspecify.annotations.NullMarked;
