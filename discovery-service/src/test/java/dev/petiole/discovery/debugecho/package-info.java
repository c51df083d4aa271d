@NullMarked
package dev.petiole.discovery.debugecho;

import org.jspecify.annotations.NullMarked;
