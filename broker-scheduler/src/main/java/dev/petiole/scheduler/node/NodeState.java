package dev.petiole.scheduler.node;

import com.google.gson.JsonObject;
import dev.petiole.api.node.Node.NodeFacts;
import dev.petiole.scheduler.kubernetes.Json;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What matters of a cluster node for placing brokers.
///
/// @param isReady whether its kubelet reports Ready
/// @param isSchedulable false while it is cordoned
public record NodeState(String name, boolean isReady, boolean isSchedulable, Map<String, String> labels) {

    private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";
    // Of extended resources, whichever group they come from.
    private static final List<Pattern> OUR_DOMAINS =
            List.of(Pattern.compile("([^/]+\\.)?petiole\\.dev/"), Pattern.compile("akri\\.sh/"));

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
    ///
    /// @param isNamed whether an Instance says that the node sees its device
    static NodeFacts facts(JsonObject node, boolean isNamed) {
        boolean isOutOfService = Json.objects(node, "spec", "taints").stream()
                .anyMatch(taint -> Json.text(taint, "key").equals(OUT_OF_SERVICE));
        return new NodeFacts(
                Json.text(node, "metadata", "uid"),
                Json.text(node, "status", "nodeInfo", "bootID"),
                Json.texts(node, "metadata", "labels"),
                isReady(node),
                isOutOfService,
                isNamed || offersDevices(node));
    }

    /// The kubelet keeps what it offers while its device plugin is away, for some minutes.
    private static boolean offersDevices(JsonObject node) {
        return Json.texts(node, "status", "capacity").entrySet().stream()
                .anyMatch(resource -> !resource.getValue().equals("0")
                        && OUR_DOMAINS.stream()
                                .anyMatch(domain ->
                                        domain.matcher(resource.getKey()).lookingAt()));
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
