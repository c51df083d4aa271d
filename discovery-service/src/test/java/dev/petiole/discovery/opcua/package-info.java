@NullMarked
package dev.petiole.discovery.opcua;

import org.jspecify.annotations.NullMarked;
