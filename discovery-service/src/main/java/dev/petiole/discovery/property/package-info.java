/// The values of discovery properties: those that stand in the Configuration, and those that Secrets and
/// ConfigMaps hold. The latter are kept in memory alone: never stored, logged or shown.
@NullMarked
package dev.petiole.discovery.property;

import org.jspecify.annotations.NullMarked;
