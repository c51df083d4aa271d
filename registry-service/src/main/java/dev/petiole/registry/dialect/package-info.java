/// What differs between the API groups that the registry serves: how devices are named and what a
/// Configuration may be called. Nothing outside this package asks for the group.
@NullMarked
package dev.petiole.registry.dialect;

import org.jspecify.annotations.NullMarked;
