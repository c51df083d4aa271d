/// Petiole's container images, built from the modules' jars without a Docker engine or a registry.
@NullMarked
package dev.petiole.e2e.image;

import org.jspecify.annotations.NullMarked;
