@NullMarked
package dev.petiole.discovery.external;

import org.jspecify.annotations.NullMarked;
