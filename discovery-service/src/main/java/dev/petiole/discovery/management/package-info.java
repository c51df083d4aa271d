/// What the node's kubelet and its monitoring ask the service: probes and metrics, over the JDK's own HTTP server.
///
/// A web stack would serve the same for some 30 MB on every node. Other modules may use [ReadinessCheck] alone.
@NullMarked
package dev.petiole.discovery.management;

import org.jspecify.annotations.NullMarked;
