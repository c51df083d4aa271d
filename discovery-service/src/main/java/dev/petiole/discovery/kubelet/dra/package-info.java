/// Devices by Dynamic Resource Allocation: this node's part of the driver `petiole.dev`. It prepares and
/// unprepares ResourceClaims for the kubelet, hands devices over through CDI, and tells in a ResourceClaim's
/// status how they fare. Which devices there are to claim is published by the broker-scheduler alone.
@NullMarked
package dev.petiole.discovery.kubelet.dra;

import org.jspecify.annotations.NullMarked;
