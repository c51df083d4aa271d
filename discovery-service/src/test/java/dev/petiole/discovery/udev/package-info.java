@NullMarked
package dev.petiole.discovery.udev;

import org.jspecify.annotations.NullMarked;
