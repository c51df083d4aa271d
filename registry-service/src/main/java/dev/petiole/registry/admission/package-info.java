/// What the Kubernetes API server asks before it takes a Configuration: whether the handler it names takes its details.
@NullMarked
package dev.petiole.registry.admission;

import org.jspecify.annotations.NullMarked;
