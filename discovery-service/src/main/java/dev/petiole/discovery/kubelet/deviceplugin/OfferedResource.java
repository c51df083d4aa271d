package dev.petiole.discovery.kubelet.deviceplugin;

import dev.petiole.discovery.inventory.ExposedDevice;
import dev.petiole.discovery.inventory.KubeletNames;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/// An extended resource of the node and the health of each of its ids.
record OfferedResource(String name, Map<String, Boolean> isHealthyById) {

    OfferedResource {
        isHealthyById = Map.copyOf(isHealthyById);
    }

    /// @return one resource per device and one per Configuration, by name
    static Map<String, OfferedResource> of(List<ExposedDevice> devices, SlotHealth.NodeClaims claims) {
        Map<String, Map<String, Boolean>> ids = new TreeMap<>();
        for (ExposedDevice device : devices) {
            add(
                    ids,
                    device,
                    claims,
                    KubeletNames.resource(device.ref()),
                    slot -> KubeletNames.idInDevice(device.ref(), slot));
            add(
                    ids,
                    device,
                    claims,
                    KubeletNames.resource(device.configuration()),
                    slot -> KubeletNames.idInConfiguration(device.ref(), slot));
        }
        var resources = new TreeMap<String, OfferedResource>();
        ids.forEach((name, health) -> resources.put(name, new OfferedResource(name, health)));
        return resources;
    }

    private static void add(
            Map<String, Map<String, Boolean>> ids,
            ExposedDevice device,
            SlotHealth.NodeClaims claims,
            String resource,
            IntFunction<String> idOf) {
        ids.computeIfAbsent(resource, _ -> new TreeMap<>()).putAll(SlotHealth.of(device, claims, resource, idOf));
    }
}
