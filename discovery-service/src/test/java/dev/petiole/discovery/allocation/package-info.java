@NullMarked
package dev.petiole.discovery.allocation;

import org.jspecify.annotations.NullMarked;
