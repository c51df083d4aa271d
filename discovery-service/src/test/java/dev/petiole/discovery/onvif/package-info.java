@NullMarked
package dev.petiole.discovery.onvif;

import org.jspecify.annotations.NullMarked;
