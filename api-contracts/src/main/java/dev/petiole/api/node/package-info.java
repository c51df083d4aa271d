/// Cluster nodes: what Kubernetes says of them and what their discovery services say.
@NullMarked
package dev.petiole.api.node;

import org.jspecify.annotations.NullMarked;
