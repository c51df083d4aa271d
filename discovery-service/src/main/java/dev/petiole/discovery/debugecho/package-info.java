/// Scripted devices for tests, as Akri's debugEcho. Off unless asked for.
@NullMarked
package dev.petiole.discovery.debugecho;

import org.jspecify.annotations.NullMarked;
