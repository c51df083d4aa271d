/// The broker-scheduler: the projection of the registry to Kubernetes. It keeps no state of its own and may be killed
/// at any moment.
@NullMarked
package dev.petiole.scheduler;

import org.jspecify.annotations.NullMarked;
