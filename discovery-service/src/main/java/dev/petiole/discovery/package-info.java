/// The discovery service: finds what one node sees, tells the registry, and hands devices to the node's Pods.
@NullMarked
package dev.petiole.discovery;

import org.jspecify.annotations.NullMarked;
