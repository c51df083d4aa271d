/// The service as a whole, and peers that speak to it over HTTP.
@NullMarked
package dev.petiole.registry.testing;

import org.jspecify.annotations.NullMarked;
