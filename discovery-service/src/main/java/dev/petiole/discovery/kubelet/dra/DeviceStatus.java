package dev.petiole.discovery.kubelet.dra;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.discovery.inventory.ExposedDevice;
import dev.petiole.discovery.inventory.PoolNames;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is told of a claimed slot in `status.devices` of its ResourceClaim. Pure.
///
/// @param status of the condition `Ready`, as Kubernetes spells it
/// @param reason CamelCase and of few values
/// @param message a sentence for people
record DeviceStatus(PreparedClaim.Slot slot, String status, String reason, String message) {

    private static final String READY = "Ready";

    /// @param exposed the devices that are exposed to ResourceClaims on this node
    /// @return one per slot; empty while this node has not looked for one of the devices yet
    static Optional<List<DeviceStatus>> of(PreparedClaim claim, Map<DeviceRef, ExposedDevice> exposed) {
        boolean isKnown = claim.slots().stream()
                .map(slot -> exposed.get(slot.device()))
                .allMatch(device -> device == null || device.seen() != null || !device.isGrantable());
        return isKnown
                ? Optional.of(claim.slots().stream()
                        .map(slot -> of(slot, exposed.get(slot.device())))
                        .toList())
                : Optional.empty();
    }

    private static DeviceStatus of(PreparedClaim.Slot slot, @Nullable ExposedDevice device) {
        if (device == null) {
            return new DeviceStatus(
                    slot,
                    "False",
                    "NotExposed",
                    "The device is offline on this node, or its Configuration no longer exposes it to ResourceClaims.");
        }
        return device.isGrantable()
                ? new DeviceStatus(slot, "True", "DeviceOnline", "The device is online.")
                : new DeviceStatus(
                        slot,
                        "Unknown",
                        "NotSeen",
                        "This node does not see the device now; whoever has it keeps it for the time being.");
    }

    /// @param claim the ResourceClaim as it is
    /// @return whether it says so already
    boolean isToldIn(JsonNode claim) {
        JsonNode ready = ready(claim);
        return ready.path("status").asString("").equals(status)
                && ready.path("reason").asString("").equals(reason);
    }

    /// @param claim the ResourceClaim as it is
    /// @return what to apply to its status
    static JsonNode toApply(JsonNode claim, List<DeviceStatus> devices, Instant now) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.set("apiVersion", claim.path("apiVersion"));
        body.set("kind", claim.path("kind"));
        JsonNode metadata = claim.path("metadata");
        body.putObject("metadata")
                .put("namespace", metadata.path("namespace").asString(""))
                .put("name", metadata.path("name").asString(""))
                // Never for a namesake that came meanwhile.
                .put("uid", metadata.path("uid").asString(""));
        ArrayNode entries = body.putObject("status").putArray("devices");
        devices.forEach(device -> device.putInto(entries.addObject(), claim, now));
        return body;
    }

    private void putInto(ObjectNode entry, JsonNode claim, Instant now) {
        entry.put("driver", PoolNames.DRIVER);
        entry.put("pool", slot.pool());
        entry.put("device", slot.name());
        JsonNode before = ready(claim);
        String since = before.path("status").asString("").equals(status)
                ? before.path("lastTransitionTime").asString("")
                : now.truncatedTo(ChronoUnit.SECONDS).toString();
        entry.putArray("conditions")
                .addObject()
                .put("type", READY)
                .put("status", status)
                .put("reason", reason)
                .put("message", message)
                .put("lastTransitionTime", since);
        entry.putObject("data").put("instance", slot.device().name());
    }

    private JsonNode ready(JsonNode claim) {
        return claim.at("/status/devices")
                .valueStream()
                .filter(entry -> entry.path("driver").asString("").equals(PoolNames.DRIVER)
                        && entry.path("pool").asString("").equals(slot.pool())
                        && entry.path("device").asString("").equals(slot.name()))
                .flatMap(entry -> entry.path("conditions").valueStream())
                .filter(condition -> condition.path("type").asString("").equals(READY))
                .findFirst()
                .orElseGet(() -> JsonMapper.shared().createObjectNode());
    }
}
