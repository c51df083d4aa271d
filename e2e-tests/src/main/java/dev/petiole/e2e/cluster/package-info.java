/// A Kubernetes cluster to work on, wherever it comes from, and how to speak to it.
///
/// Knows nothing of Petiole: images, charts and samples are other packages' matter.
@NullMarked
package dev.petiole.e2e.cluster;

import org.jspecify.annotations.NullMarked;
