/// Discovery handlers: which node offers which, and how they fare.
@NullMarked
package dev.petiole.api.handler;

import org.jspecify.annotations.NullMarked;
