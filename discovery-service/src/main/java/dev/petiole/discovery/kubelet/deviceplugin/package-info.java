/// Devices as extended resources: the kubelet's device plugin API, v1beta1.
@NullMarked
package dev.petiole.discovery.kubelet.deviceplugin;

import org.jspecify.annotations.NullMarked;
