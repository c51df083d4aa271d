/// The parameters of lists, read strictly: what is no parameter of a list is refused, not ignored.
@NullMarked
package dev.petiole.registry.query;

import org.jspecify.annotations.NullMarked;
