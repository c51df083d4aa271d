package dev.petiole.scheduler.workload;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What there is of a Configuration's, by device.
final class Children {

    private final Dialect dialect;
    private final String configuration;
    private final Existing existing;
    private final Map<Resource, Map<String, List<JsonObject>>> byDevice = new HashMap<>();

    Children(Dialect dialect, String configuration, Existing existing) {
        this.dialect = dialect;
        this.configuration = configuration;
        this.existing = existing;
    }

    List<JsonObject> of(Resource resource, String device) {
        return byDevice.computeIfAbsent(resource, this::group).getOrDefault(device, List.of());
    }

    List<JsonObject> of(Resource resource) {
        return existing.of(resource);
    }

    /// @return the device for which the object was made, empty if it is for all
    String deviceOf(Resource resource, JsonObject object) {
        // Whose a Pod is must hold even if its labels were edited.
        return resource.equals(Resource.POD)
                ? dialect.deviceOfPod(configuration, Json.text(object, "metadata", "name"))
                : Json.text(object, "metadata", "labels", dialect.instanceLabel());
    }

    private Map<String, List<JsonObject>> group(Resource resource) {
        Map<String, List<JsonObject>> groups = new HashMap<>();
        for (JsonObject object : existing.of(resource)) {
            groups.computeIfAbsent(deviceOf(resource, object), _ -> new ArrayList<>())
                    .add(object);
        }
        return groups;
    }
}
