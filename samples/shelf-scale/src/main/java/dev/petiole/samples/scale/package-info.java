/// A shelf scale, simulated as a real OPC UA server.
///
/// Nothing here knows Petiole: to a client it is a scale like any other.
@NullMarked
package dev.petiole.samples.scale;

import org.jspecify.annotations.NullMarked;
