@NullMarked
package dev.petiole.discovery.kubelet.deviceplugin;

import org.jspecify.annotations.NullMarked;
