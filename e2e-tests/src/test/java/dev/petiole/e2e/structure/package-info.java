/// Rules about the sources of all services.
@NullMarked
package dev.petiole.e2e.structure;

import org.jspecify.annotations.NullMarked;
