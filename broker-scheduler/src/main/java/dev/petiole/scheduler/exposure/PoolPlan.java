package dev.petiole.scheduler.exposure;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The ResourceSlices of one pool: devices stay in the slice that they are in, so that one that comes or goes
/// costs one write.
///
/// A consumer takes a pool as a whole, by the highest generation of which all slices are there. So the
/// generation rises whenever more than one slice is written, and stays where a single write says it all.
final class PoolPlan {

    /// The most devices in a slice (resource/v1, ResourceSliceMaxDevices).
    static final int MAX_DEVICES = 128;

    /// The slices are repacked when less than half of them would do: rarely, and never to and fro at a
    /// boundary.
    private static final int SLACK = 2;

    private final String pool;
    private final List<String> hosts;
    private final SortedMap<Integer, JsonObject> existing = new TreeMap<>();
    private final List<JsonObject> removals = new ArrayList<>();

    /// @param existing the slices of this pool
    PoolPlan(String pool, List<String> hosts, List<JsonObject> existing) {
        this.pool = pool;
        this.hosts = hosts;
        for (JsonObject slice : existing) {
            int index = index(slice);
            if (index < 0 || this.existing.putIfAbsent(index, slice) != null) {
                removals.add(slice);
            }
        }
    }

    /// @param slices the slices that there should be, by index, without metadata
    /// @param removals slices that should go
    record Slices(SortedMap<Integer, JsonObject> slices, List<JsonObject> removals) {}

    /// @param devices what should be in the pool, by name
    Slices plan(SortedMap<String, JsonObject> devices) {
        SortedMap<Integer, List<String>> places = place(devices);
        existing.forEach((index, slice) -> {
            if (!places.containsKey(index)) {
                removals.add(slice);
            }
        });
        SortedMap<Integer, JsonObject> contents = new TreeMap<>();
        places.forEach((index, names) -> contents.put(index, content(names, devices)));
        long generation = generation(contents);
        SortedMap<Integer, JsonObject> slices = new TreeMap<>();
        contents.forEach((index, content) -> slices.put(index, slice(content, generation, contents.size())));
        return new Slices(slices, removals);
    }

    private SortedMap<Integer, List<String>> place(SortedMap<String, JsonObject> devices) {
        int needed = (devices.size() + MAX_DEVICES - 1) / MAX_DEVICES;
        SortedMap<Integer, List<String>> places = new TreeMap<>();
        if (needed == 0) {
            return places;
        }
        Set<String> placed = new HashSet<>();
        if (existing.size() <= SLACK * needed) {
            existing.forEach((index, slice) -> places.put(index, staying(slice, devices, placed)));
        }
        for (String name : devices.keySet()) {
            if (!placed.contains(name)) {
                roomIn(places).add(name);
            }
        }
        places.values().forEach(names -> names.sort(null));
        return places;
    }

    private static List<String> staying(JsonObject slice, SortedMap<String, JsonObject> devices, Set<String> placed) {
        List<String> names = new ArrayList<>();
        for (JsonObject device : Json.objects(slice, "spec", "devices")) {
            String name = Json.text(device, "name");
            if (devices.containsKey(name) && placed.add(name)) {
                names.add(name);
            }
        }
        return names;
    }

    private static List<String> roomIn(SortedMap<Integer, List<String>> places) {
        for (List<String> names : places.values()) {
            if (names.size() < MAX_DEVICES) {
                return names;
            }
        }
        int index = 0;
        while (places.containsKey(index)) {
            index++;
        }
        List<String> fresh = new ArrayList<>();
        places.put(index, fresh);
        return fresh;
    }

    private JsonObject content(List<String> names, Map<String, JsonObject> devices) {
        var array = new JsonArray();
        names.forEach(name -> array.add(devices.get(name)));
        var content = new JsonObject();
        content.addProperty("driver", ExposureNames.DRIVER);
        content.add("nodeSelector", nodeSelector());
        content.add("devices", array);
        return content;
    }

    private long generation(SortedMap<Integer, JsonObject> contents) {
        long newest = existing.values().stream()
                .mapToLong(slice -> Json.number(slice, "spec", "pool", "generation"))
                .max()
                .orElse(0);
        boolean isSameSet = contents.keySet().equals(existing.keySet()) && removals.isEmpty();
        long writes = contents.entrySet().stream()
                .filter(entry -> !isThere(entry.getKey(), entry.getValue(), newest, contents.size()))
                .count();
        return isSameSet && writes <= 1 ? Math.max(newest, 1) : newest + 1;
    }

    private boolean isThere(int index, JsonObject content, long generation, int count) {
        JsonObject slice = existing.get(index);
        return slice != null
                && Json.object(slice, "spec").get("devices") != null
                && Json.hash(Json.object(slice, "spec").get("devices")).equals(Json.hash(content.get("devices")))
                && Json.number(slice, "spec", "pool", "generation") == generation
                && Json.number(slice, "spec", "pool", "resourceSliceCount") == count;
    }

    private JsonObject slice(JsonObject content, long generation, int count) {
        var description = new JsonObject();
        description.addProperty("name", pool);
        description.addProperty("generation", generation);
        description.addProperty("resourceSliceCount", count);
        JsonObject spec = content.deepCopy();
        spec.add("pool", description);
        var slice = new JsonObject();
        slice.addProperty("apiVersion", Resource.RESOURCE_SLICE.apiVersion());
        slice.addProperty("kind", Resource.RESOURCE_SLICE.kind());
        slice.add("spec", spec);
        return slice;
    }

    private JsonObject nodeSelector() {
        var requirement = new JsonObject();
        requirement.addProperty("key", "kubernetes.io/hostname");
        requirement.addProperty("operator", "In");
        requirement.add("values", Json.array(hosts));
        var requirements = new JsonArray();
        requirements.add(requirement);
        var term = new JsonObject();
        term.add("matchExpressions", requirements);
        var terms = new JsonArray();
        terms.add(term);
        var selector = new JsonObject();
        selector.add("nodeSelectorTerms", terms);
        return selector;
    }

    private static int index(JsonObject slice) {
        String name = Json.text(slice, "metadata", "name");
        String index = name.substring(name.lastIndexOf('-') + 1);
        return index.matches("[0-9]{1,6}") ? Integer.parseInt(index) : -1;
    }
}
