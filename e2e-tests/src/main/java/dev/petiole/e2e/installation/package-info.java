/// Petiole installed in a cluster by its chart, and what is wrong when it does not get ready.
@NullMarked
package dev.petiole.e2e.installation;

import org.jspecify.annotations.NullMarked;
