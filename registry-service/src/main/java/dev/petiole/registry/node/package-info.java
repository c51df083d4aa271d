/// Cluster nodes: the leases of their discovery services, and what Kubernetes says of them.
///
/// Other modules hear of a node's fate through [dev.petiole.registry.node.NodeListener], inside the same transaction.
@NullMarked
package dev.petiole.registry.node;

import org.jspecify.annotations.NullMarked;
