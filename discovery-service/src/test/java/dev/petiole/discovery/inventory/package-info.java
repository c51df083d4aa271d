@NullMarked
package dev.petiole.discovery.inventory;

import org.jspecify.annotations.NullMarked;
