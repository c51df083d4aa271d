/// Discovery handlers in processes of their own, which speak Akri's gRPC protocol `v0`: they register over a
/// Unix socket, and are asked for devices over a socket of theirs or the network. What they say is not trusted
/// further than their own Configurations.
@NullMarked
package dev.petiole.discovery.external;

import org.jspecify.annotations.NullMarked;
