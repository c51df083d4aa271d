/// gRPC over the kubelet's Unix sockets.
@NullMarked
package dev.petiole.discovery.kubelet;

import org.jspecify.annotations.NullMarked;
