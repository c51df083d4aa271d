/// What differs on a node between the API groups that are served: the names by which the kubelet knows
/// devices, what tells devices apart, and where Secrets are looked for. Nothing outside this package asks
/// for the group.
@NullMarked
package dev.petiole.discovery.dialect;

import org.jspecify.annotations.NullMarked;
