/// The broker of the smart store: reads the shelf scale that Petiole gave it, and serves the stock count.
@NullMarked
package dev.petiole.samples.inventory;

import org.jspecify.annotations.NullMarked;
