package dev.petiole.scheduler.workload;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.Resource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The children of one Configuration that are in the cluster.
///
/// @param others resources beyond those of [Resource#WORKLOADS] of which it is known what there is
public record Existing(Map<Resource, List<JsonObject>> objects, Set<Resource> others) {
    public Existing {
        objects = Map.copyOf(objects);
        others = Set.copyOf(others);
    }

    public List<JsonObject> of(Resource resource) {
        return objects.getOrDefault(resource, List.of());
    }
}
