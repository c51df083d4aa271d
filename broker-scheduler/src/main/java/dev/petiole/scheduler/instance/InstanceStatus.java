package dev.petiole.scheduler.instance;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.api.device.Slot;
import dev.petiole.scheduler.condition.Condition;
import dev.petiole.scheduler.condition.ConditionType;
import dev.petiole.scheduler.condition.Conditions;
import dev.petiole.scheduler.condition.Reason;
import dev.petiole.scheduler.kubernetes.Json;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an Instance's status says of its device.
public final class InstanceStatus {

    private InstanceStatus() {}

    /// @param instance the Instance as it is
    /// @param brokers names of its Pods or Jobs
    /// @return the whole status
    public static JsonObject of(
            JsonObject instance, Device device, List<String> brokers, List<Condition> conditions, Instant now) {
        var status = new JsonObject();
        status.addProperty("presence", text(device.presence()));
        status.addProperty("presenceSince", device.presenceSince().toString());
        status.add("nodes", nodes(device));
        status.add("slots", slots(device));
        status.add("brokers", Json.array(brokers));
        status.add("conditions", Conditions.toJson(conditions, instance, now));
        return status;
    }

    /// @return whether the device can be reached
    public static Condition available(Device device) {
        return switch (device.presence()) {
            case ONLINE -> Condition.isTrue(ConditionType.AVAILABLE, Reason.ONLINE, "The device is online.");
            case MISSING ->
                Condition.isFalse(
                        ConditionType.AVAILABLE,
                        Reason.MISSING,
                        "The handler no longer lists the device; the grace period runs.");
            case UNKNOWN ->
                Condition.isUnknown(
                        ConditionType.AVAILABLE,
                        Reason.UNKNOWN,
                        "The nodes that saw the device are silent: whether it is there is not known.");
            case OFFLINE -> Condition.isFalse(ConditionType.AVAILABLE, Reason.OFFLINE, "The device is offline.");
        };
    }

    private static JsonArray nodes(Device device) {
        var nodes = new JsonArray();
        for (NodePresence entry : device.nodes()) {
            var node = new JsonObject();
            node.addProperty("node", entry.node());
            node.addProperty("presence", text(entry.presence()));
            node.addProperty("since", entry.since().toString());
            nodes.add(node);
        }
        return nodes;
    }

    private static JsonArray slots(Device device) {
        var slots = new JsonArray();
        for (Slot slot : device.slots()) {
            var entry = new JsonObject();
            entry.addProperty("index", slot.index());
            entry.addProperty("node", slot.node());
            addIfKnown(entry, "namespace", slot.namespace());
            addIfKnown(entry, "pod", slot.pod());
            addIfKnown(entry, "container", slot.container());
            entry.addProperty("since", slot.since().toString());
            slots.add(entry);
        }
        return slots;
    }

    private static void addIfKnown(JsonObject object, String key, @Nullable String value) {
        if (value != null) {
            object.addProperty(key, value);
        }
    }

    private static String text(Presence presence) {
        return switch (presence) {
            case ONLINE -> "Online";
            case MISSING -> "Missing";
            case UNKNOWN -> "Unknown";
            case OFFLINE -> "Offline";
        };
    }
}
