/// The registry as this node knows it: where it is, and copies of the Configurations and devices that concern the node.
@NullMarked
package dev.petiole.discovery.registry;

import org.jspecify.annotations.NullMarked;
