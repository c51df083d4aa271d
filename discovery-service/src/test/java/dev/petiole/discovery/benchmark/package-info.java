/// What the service costs and how fast it is, run as it runs in its container. Not part of the build: each is named on
/// the command line.
@NullMarked
package dev.petiole.discovery.benchmark;

import org.jspecify.annotations.NullMarked;
