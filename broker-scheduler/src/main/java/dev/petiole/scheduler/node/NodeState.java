package dev.petiole.scheduler.node;

import com.google.gson.JsonObject;
import dev.petiole.api.node.Node.NodeFacts;
import dev.petiole.scheduler.kubernetes.Json;
import java.util.Map;

/// What matters of a cluster node for placing brokers.
///
/// @param isReady whether its kubelet reports Ready
/// @param isSchedulable false while it is cordoned
public record NodeState(String name, boolean isReady, boolean isSchedulable, Map<String, String> labels) {

    private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

    public NodeState {
        labels = Map.copyOf(labels);
    }

    /// Reads a core/v1 Node.
    public static NodeState of(JsonObject node) {
        return new NodeState(
                Json.text(node, "metadata", "name"),
                isReady(node),
                !Json.text(node, "spec", "unschedulable").equals("true"),
                Json.texts(node, "metadata", "labels"));
    }

    /// Reads what the registry is told of a core/v1 Node.
    public static NodeFacts facts(JsonObject node) {
        boolean isOutOfService = Json.objects(node, "spec", "taints").stream()
                .anyMatch(taint -> Json.text(taint, "key").equals(OUT_OF_SERVICE));
        return new NodeFacts(
                Json.text(node, "metadata", "uid"),
                Json.text(node, "status", "nodeInfo", "bootID"),
                Json.texts(node, "metadata", "labels"),
                isReady(node),
                isOutOfService);
    }

    /// @return whether the node bears all these labels
    public boolean matches(Map<String, String> selector) {
        return labels.entrySet().containsAll(selector.entrySet());
    }

    /// @return whether a new broker may be placed here
    public boolean isUsable() {
        return isReady && isSchedulable;
    }

    private static boolean isReady(JsonObject node) {
        return Json.findCondition(node, "Ready")
                .filter(ready -> Json.text(ready, "status").equals("True"))
                .isPresent();
    }
}
