package dev.petiole.scheduler.workload;

import com.google.gson.JsonObject;
import dev.petiole.api.device.Device;
import dev.petiole.scheduler.node.NodeState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All that the planner looks at.
///
/// @param configuration the Kubernetes object
/// @param devices those that are exposed, ordered by name
/// @param retained names of Instances that stay although the registry says nothing of them; what they have is left
/// alone
/// @param nodes all nodes of the cluster, by name
/// @param load how many brokers each node has, of whatever Configuration
/// @param uninformed nodes whose discovery service does not have this generation of the Configuration yet
public record Situation(
        JsonObject configuration,
        List<Device> devices,
        Set<String> retained,
        Existing existing,
        Map<String, NodeState> nodes,
        Map<String, Integer> load,
        Retries retries,
        Set<String> uninformed,
        Instant now) {

    public Situation {
        devices = List.copyOf(devices);
        retained = Set.copyOf(retained);
        nodes = Map.copyOf(nodes);
        load = Map.copyOf(load);
        uninformed = Set.copyOf(uninformed);
    }
}
