package dev.petiole.scheduler.node;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.Json;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The nodes of the cluster as placing sees them. Thread-safe.
public final class NodeStates {

    private final Map<String, NodeState> states = new ConcurrentHashMap<>();

    /// @return all nodes by name, as they are now
    public Map<String, NodeState> all() {
        return Map.copyOf(states);
    }

    /// Notes a core/v1 Node as it is.
    ///
    /// @return whether that changes anything for placing
    public boolean note(JsonObject node, boolean isDeleted) {
        if (isDeleted) {
            return states.remove(Json.text(node, "metadata", "name")) != null;
        }
        var state = NodeState.of(node);
        return !state.equals(states.put(state.name(), state));
    }
}
