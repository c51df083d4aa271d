@NullMarked
package dev.petiole.discovery.property;

import org.jspecify.annotations.NullMarked;
