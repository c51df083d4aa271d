package dev.petiole.discovery.kubelet.deviceplugin;

import java.util.Map;

/// An extended resource of the node and the health of each of its ids.
record OfferedResource(String name, Map<String, Boolean> isHealthyById) {

    OfferedResource {
        isHealthyById = Map.copyOf(isHealthyById);
    }
}
