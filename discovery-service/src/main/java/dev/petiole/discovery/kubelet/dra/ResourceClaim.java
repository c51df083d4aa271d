package dev.petiole.discovery.kubelet.dra;

import dev.petiole.discovery.inventory.PoolNames;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What this driver needs to know of a ResourceClaim (`resource.k8s.io/v1`).
///
/// @param pod one that it is reserved for; null if none is
/// @param allocated our devices in it
record ResourceClaim(
        String namespace, String name, String uid, @Nullable String pod, List<Allocated> allocated) {

    ResourceClaim {
        allocated = List.copyOf(allocated);
    }

    /// One slot that the Kubernetes scheduler has allocated.
    ///
    /// @param request which of the claim's requests it is for
    /// @param slot the name of the device in the pool, which stands for one slot of a device of ours
    record Allocated(String request, String pool, String slot) {}

    static ResourceClaim parse(JsonNode claim) {
        List<Allocated> allocated = claim.at("/status/allocation/devices/results")
                .valueStream()
                .filter(result -> text(result, "driver").equals(PoolNames.DRIVER))
                .map(result -> new Allocated(text(result, "request"), text(result, "pool"), text(result, "device")))
                .toList();
        Optional<String> pod = claim.at("/status/reservedFor")
                .valueStream()
                .filter(consumer -> text(consumer, "resource").equals("pods"))
                .map(consumer -> text(consumer, "name"))
                .findFirst();
        JsonNode metadata = claim.path("metadata");
        return new ResourceClaim(
                text(metadata, "namespace"),
                text(metadata, "name"),
                text(metadata, "uid"),
                pod.orElse(null),
                allocated);
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).asString("");
    }
}
