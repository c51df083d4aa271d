/// What this node sees, joined with what the registry makes of it: the devices that this node's Pods may get.
@NullMarked
package dev.petiole.discovery.inventory;

import org.jspecify.annotations.NullMarked;
