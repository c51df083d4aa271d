package dev.petiole.discovery.kubelet.dra;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.discovery.allocation.Claim;
import dev.petiole.discovery.inventory.PoolNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A ResourceClaim whose slots this node holds.
///
/// @param pod one that it was reserved for when it was prepared; null if none was
record PreparedClaim(
        String namespace, String name, String uid, @Nullable String pod, List<Slot> slots) {

    PreparedClaim {
        slots = List.copyOf(slots);
    }

    /// One slot of it.
    ///
    /// @param request which of the claim's requests it is for
    /// @param pool with `name` says what the Kubernetes scheduler allocated
    record Slot(DeviceRef device, String request, String pool, String name) {}

    /// @return the claims of slots that it stands for, at this node's own books and the registry's
    List<Claim> claims() {
        Claim.Holder holder = pod == null ? new Claim.Holder(namespace, "", "") : new Claim.Holder(namespace, pod, "");
        return slots.stream().map(slot -> new Claim(key(slot), holder)).toList();
    }

    List<Claim.Key> keys() {
        return slots.stream().map(this::key).toList();
    }

    /// The id names the ResourceClaim by UID and what was allocated, so that whoever reads it can match both.
    private Claim.Key key(Slot slot) {
        return new Claim.Key(slot.device(), PoolNames.DRIVER, uid + "/" + slot.pool() + "/" + slot.name());
    }
}
