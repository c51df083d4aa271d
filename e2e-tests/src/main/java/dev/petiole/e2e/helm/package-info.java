/// Helm as a library: charts are linted, rendered, installed and uninstalled without a helm binary.
@NullMarked
package dev.petiole.e2e.helm;

import org.jspecify.annotations.NullMarked;
