/// The discovery service's side of the registry: lease, observations, claims, usage.
@NullMarked
package dev.petiole.api.agent;

import org.jspecify.annotations.NullMarked;
