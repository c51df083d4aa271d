/// Which Pods use which devices: the kubelet's pod-resources API, v1.
@NullMarked
package dev.petiole.discovery.kubelet.podresources;

import org.jspecify.annotations.NullMarked;
