@NullMarked
package dev.petiole.discovery.session;

import org.jspecify.annotations.NullMarked;
