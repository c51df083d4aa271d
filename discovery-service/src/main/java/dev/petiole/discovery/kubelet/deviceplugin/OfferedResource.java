package dev.petiole.discovery.kubelet.deviceplugin;

import java.util.Map;

/// An extended resource of the node, the health of each of its ids, and where that is known the NUMA node of the device
/// behind it.
record OfferedResource(String name, Map<String, Boolean> isHealthyById, Map<String, Integer> numaNodeById) {

    OfferedResource {
        isHealthyById = Map.copyOf(isHealthyById);
        numaNodeById = Map.copyOf(numaNodeById);
    }

    /// One that has nothing to give.
    static OfferedResource empty(String name) {
        return new OfferedResource(name, Map.of(), Map.of());
    }
}
