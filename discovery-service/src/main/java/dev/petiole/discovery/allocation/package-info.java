/// Who uses which slot on this node: claims at the registry, kept on the node's disk, ended when they are proved free.
@NullMarked
package dev.petiole.discovery.allocation;

import org.jspecify.annotations.NullMarked;
