/// The few calls that a discovery service makes to the Kubernetes API, as plain HTTP: a client library would
/// cost more memory than all the rest.
@NullMarked
package dev.petiole.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
