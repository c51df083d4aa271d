package dev.petiole.scheduler.configuration;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationStatus.DeviceCounts;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.scheduler.condition.Condition;
import dev.petiole.scheduler.condition.Conditions;
import dev.petiole.scheduler.kubernetes.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a Configuration's status says. Pure.
public final class ConfigurationStatuses {

    private static final int MAX_NODES = 500;
    private static final int MAX_PENDING = 50;

    private ConfigurationStatuses() {}

    /// Brokers in numbers.
    public record BrokerCounts(int desired, int ready) {}

    /// @param object the Configuration as it is in the cluster
    /// @param known the registry's copy, if there is one
    /// @param pending the names of devices that wait for approval, ordered
    /// @return the whole status
    public static JsonObject of(
            JsonObject object,
            Optional<Configuration> known,
            BrokerCounts brokers,
            List<String> pending,
            List<Condition> conditions,
            Instant now) {
        var status = new JsonObject();
        status.addProperty("observedGeneration", Json.number(object, "metadata", "generation"));
        status.add("devices", devices(known.map(copy -> copy.status().devices()).orElse(DeviceCounts.NONE)));
        if (!pending.isEmpty()) {
            status.add(
                    "pendingDevices",
                    Json.array(pending.stream().limit(MAX_PENDING).toList()));
        }
        var counts = new JsonObject();
        counts.addProperty("desired", brokers.desired());
        counts.addProperty("ready", brokers.ready());
        status.add("brokers", counts);
        status.add("nodes", nodes(known.map(copy -> copy.status().nodes()).orElse(List.of())));
        status.add("conditions", Conditions.toJson(conditions, object, now));
        return status;
    }

    private static JsonObject devices(DeviceCounts counts) {
        var devices = new JsonObject();
        devices.addProperty("online", counts.online());
        devices.addProperty("missing", counts.missing());
        devices.addProperty("unknown", counts.unknown());
        devices.addProperty("offline", counts.offline());
        return devices;
    }

    private static JsonArray nodes(List<NodeDiscovery> discoveries) {
        var nodes = new JsonArray();
        discoveries.stream().limit(MAX_NODES).forEach(discovery -> {
            var node = new JsonObject();
            node.addProperty("node", discovery.node());
            node.addProperty("state", text(discovery.state()));
            if (discovery.reason() != null) {
                node.addProperty("reason", discovery.reason());
            }
            if (discovery.message() != null) {
                node.addProperty("message", discovery.message());
            }
            node.addProperty("devices", discovery.devices());
            node.addProperty("generation", discovery.generation());
            nodes.add(node);
        });
        return nodes;
    }

    private static String text(DiscoveryState state) {
        return switch (state) {
            case RUNNING -> "Running";
            case DEGRADED -> "Degraded";
            case WAITING -> "Waiting";
            case FAILED -> "Failed";
        };
    }
}
