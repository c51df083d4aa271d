@NullMarked
package dev.petiole.discovery.handler;

import org.jspecify.annotations.NullMarked;
