@NullMarked
package dev.petiole.discovery.testing;

import org.jspecify.annotations.NullMarked;
