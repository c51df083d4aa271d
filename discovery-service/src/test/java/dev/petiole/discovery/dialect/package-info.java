@NullMarked
package dev.petiole.discovery.dialect;

import org.jspecify.annotations.NullMarked;
