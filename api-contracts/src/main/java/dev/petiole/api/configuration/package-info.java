/// What to look for and what to do with each device found. Any service may use this; nothing here holds logic.
@NullMarked
package dev.petiole.api.configuration;

import org.jspecify.annotations.NullMarked;
