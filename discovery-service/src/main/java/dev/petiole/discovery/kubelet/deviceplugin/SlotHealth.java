package dev.petiole.discovery.kubelet.deviceplugin;

import dev.petiole.discovery.allocation.Claim;
import dev.petiole.discovery.inventory.ExposedDevice;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/// Which of a device's slots the kubelet may take for healthy. Ids are the kubelet's tokens, not the registry's slots:
/// what is true is how many of them are healthy.
final class SlotHealth {

    private SlotHealth() {}

    /// Those this node holds are healthy whatever becomes of the device; of the others as many as slots are free.
    ///
    /// @param claims this node's, of any device
    /// @param resource the resource whose ids are asked for
    /// @param idOf the id of the n-th slot in that resource
    /// @return the health of each id
    static Map<String, Boolean> of(ExposedDevice device, NodeClaims claims, String resource, IntFunction<String> idOf) {
        Set<Held> heldHere = claims.of(device);
        long heldElsewhere = device.slots().stream()
                .filter(slot -> !slot.node().equals(claims.node()))
                .count();
        long free = device.isGrantable() ? device.capacity() - heldElsewhere - heldHere.size() : 0;
        var healthy = new LinkedHashMap<String, Boolean>();
        for (int slot = 0; slot < device.capacity(); slot++) {
            String id = idOf.apply(slot);
            boolean isHeld = heldHere.contains(new Held(resource, id));
            healthy.put(id, isHeld || free > 0);
            free -= isHeld ? 0 : 1;
        }
        // Of a capacity that was larger once.
        heldHere.stream()
                .filter(held -> held.resource().equals(resource))
                .forEach(held -> healthy.put(held.id(), true));
        return healthy;
    }

    /// A slot that this node holds.
    record Held(String resource, String id) {}

    /// What this node holds: by its own count, and by the registry's, which may lag behind or be ahead. The slots of a
    /// local device are the node's own business, and the registry only follows.
    record NodeClaims(String node, Iterable<Claim> claims) {

        Set<Held> of(ExposedDevice device) {
            var held = new HashSet<Held>();
            for (Claim claim : claims) {
                if (claim.key().device().equals(device.ref())) {
                    held.add(new Held(claim.key().resource(), claim.key().kubeletDeviceId()));
                }
            }
            device.slots().stream()
                    .filter(slot -> slot.node().equals(node))
                    .filter(slot -> !device.isLocal() || !device.isOfPlugin(slot))
                    .forEach(slot -> held.add(new Held(slot.resource(), slot.kubeletDeviceId())));
            return held;
        }
    }
}
