package dev.petiole.discovery.kubelet.deviceplugin;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.inventory.ExposedDevice;
import dev.petiole.discovery.inventory.KubeletNames;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/// All that the kubelet is offered: a resource for each device that is to have one, and one for any device of each
/// Configuration.
///
/// @param resources by name
/// @param withoutOwn how many devices of a Configuration should have a resource of their own and have none, since the
///     node has as many as it may have
record Offer(Map<String, OfferedResource> resources, Map<ConfigurationKey, Integer> withoutOwn) {

    Offer {
        resources = Map.copyOf(resources);
        withoutOwn = Map.copyOf(withoutOwn);
    }

    /// Of more devices than may have a resource of their own, those keep it first that are in use by it, and then those
    /// that have it: one more device takes nothing from another.
    ///
    /// @param devices ordered
    /// @param offeredNow the names of the resources that are offered now
    /// @param limit how many devices may have a resource of their own
    static Offer of(List<ExposedDevice> devices, SlotHealth.NodeClaims claims, Set<String> offeredNow, int limit) {
        Set<ExposedDevice> withOwn = devices.stream()
                .filter(ExposedDevice::wantsOwnResource)
                .sorted(Comparator.comparing((ExposedDevice device) -> !isHeldByOwn(device, claims))
                        .thenComparing(device -> !offeredNow.contains(KubeletNames.resource(device.ref()))))
                .limit(limit)
                .collect(Collectors.toSet());
        Map<String, Map<String, Boolean>> ids = new TreeMap<>();
        Map<String, Map<String, Integer>> numaNodes = new HashMap<>();
        Map<ConfigurationKey, Integer> withoutOwn = new HashMap<>();
        for (ExposedDevice device : devices) {
            if (withOwn.contains(device)) {
                add(
                        ids,
                        numaNodes,
                        device,
                        claims,
                        KubeletNames.resource(device.ref()),
                        slot -> KubeletNames.idInDevice(device.ref(), slot));
            } else if (device.wantsOwnResource()) {
                withoutOwn.merge(device.configuration(), 1, Integer::sum);
            }
            add(
                    ids,
                    numaNodes,
                    device,
                    claims,
                    KubeletNames.resource(device.configuration()),
                    slot -> KubeletNames.idInConfiguration(device.ref(), slot));
        }
        Map<String, OfferedResource> resources = new HashMap<>();
        ids.forEach((name, health) ->
                resources.put(name, new OfferedResource(name, health, numaNodes.getOrDefault(name, Map.of()))));
        return new Offer(resources, withoutOwn);
    }

    private static boolean isHeldByOwn(ExposedDevice device, SlotHealth.NodeClaims claims) {
        String own = KubeletNames.resource(device.ref());
        return claims.of(device).stream().anyMatch(held -> held.resource().equals(own));
    }

    private static void add(
            Map<String, Map<String, Boolean>> ids,
            Map<String, Map<String, Integer>> numaNodes,
            ExposedDevice device,
            SlotHealth.NodeClaims claims,
            String resource,
            IntFunction<String> idOf) {
        Map<String, Boolean> health = SlotHealth.of(device, claims, resource, idOf);
        ids.computeIfAbsent(resource, _ -> new TreeMap<>()).putAll(health);
        DiscoveredDevice seen = device.seen();
        if (seen != null && seen.numaNode() != null) {
            Map<String, Integer> ofResource = numaNodes.computeIfAbsent(resource, _ -> new HashMap<>());
            health.keySet().forEach(id -> ofResource.put(id, seen.numaNode()));
        }
    }
}
