package dev.petiole.scheduler.node;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The nodes of the cluster as placing sees them. Thread-safe.
public final class NodeStates {

    private final Map<String, NodeState> states = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> allocatable = new ConcurrentHashMap<>();

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

    /// @return how much of a resource the nodes offer to Pods, by node
    public Map<String, String> offers(String resource) {
        Map<String, String> offers = new HashMap<>();
        allocatable.forEach((node, resources) -> {
            String quantity = resources.get(resource);
            if (quantity != null) {
                offers.put(node, quantity);
            }
        });
        return offers;
    }

    /// Notes what a core/v1 Node offers to Pods.
    ///
    /// @return the resources of which it offers another quantity than before
    public Set<String> noteAllocatable(JsonObject node, boolean isDeleted) {
        String name = Json.text(node, "metadata", "name");
        Map<String, String> now = isDeleted ? Map.of() : Json.texts(node, "status", "allocatable");
        Map<String, String> before = allocatable.getOrDefault(name, Map.of());
        if (isDeleted) {
            allocatable.remove(name);
        } else {
            allocatable.put(name, now);
        }
        Set<String> changed = new HashSet<>(now.keySet());
        changed.addAll(before.keySet());
        changed.removeIf(resource -> Objects.equals(now.get(resource), before.get(resource)));
        return changed;
    }
}
