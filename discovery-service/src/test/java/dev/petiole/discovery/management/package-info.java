@NullMarked
package dev.petiole.discovery.management;

import org.jspecify.annotations.NullMarked;
