@NullMarked
package dev.petiole.discovery;

import org.jspecify.annotations.NullMarked;
