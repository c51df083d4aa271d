package dev.petiole.scheduler.reconcile;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Compares an object with what it should be. The API server adds defaults to what was applied, so only the parts that
/// were asked for are looked at. Pure.
final class Difference {

    private Difference() {}

    /// @return the part of `wanted` that a live object can be made to have without replacing it
    static JsonObject comparable(JsonObject wanted) {
        if (!Resource.POD.isOf(wanted)) {
            return wanted;
        }
        // Of a Pod's spec hardly anything but the images can be changed, neither by Petiole nor by others.
        var spec = new JsonObject();
        for (String containers : List.of("containers", "initContainers")) {
            var images = new JsonArray();
            for (JsonObject container : Json.objects(wanted, "spec", containers)) {
                var image = new JsonObject();
                image.add("name", container.get("name"));
                image.add("image", container.get("image"));
                images.add(image);
            }
            if (!images.isEmpty()) {
                spec.add(containers, images);
            }
        }
        var comparable = new JsonObject();
        comparable.add("metadata", wanted.get("metadata"));
        comparable.add("spec", spec);
        return comparable;
    }

    /// @return whether nothing needs to be done
    static boolean isAsWanted(JsonObject live, JsonObject wanted) {
        JsonObject comparable = comparable(wanted);
        return project(live, comparable).equals(comparable);
    }

    /// @return of `live`, the parts that `wanted` speaks of
    static JsonElement project(JsonElement live, JsonElement wanted) {
        if (wanted.isJsonObject() && live.isJsonObject()) {
            var projection = new JsonObject();
            wanted.getAsJsonObject().asMap().forEach((key, part) -> {
                JsonElement there = live.getAsJsonObject().get(key);
                if (there != null) {
                    projection.add(key, isWhole(key) ? there : project(there, part));
                }
            });
            return projection;
        }
        if (wanted.isJsonArray()
                && live.isJsonArray()
                && wanted.getAsJsonArray().size() == live.getAsJsonArray().size()) {
            var projection = new JsonArray();
            for (int i = 0; i < wanted.getAsJsonArray().size(); i++) {
                projection.add(project(
                        live.getAsJsonArray().get(i), wanted.getAsJsonArray().get(i)));
            }
            return projection;
        }
        return live;
    }

    /// @return what to apply so that `live` becomes as wanted: of a Pod, the live one with what can be changed changed
    static JsonObject toApply(JsonObject wanted, JsonObject live) {
        if (!Resource.POD.isOf(wanted)) {
            return wanted;
        }
        JsonObject pod = wanted.deepCopy();
        JsonObject spec = Json.object(live, "spec").deepCopy();
        for (String containers : List.of("containers", "initContainers")) {
            Map<String, JsonElement> images = new TreeMap<>();
            Json.objects(wanted, "spec", containers)
                    .forEach(container -> images.put(Json.text(container, "name"), container.get("image")));
            for (JsonObject container : Json.objects(spec, containers)) {
                JsonElement image = images.get(Json.text(container, "name"));
                if (image != null) {
                    container.add("image", image);
                }
            }
        }
        pod.add("spec", spec);
        // Never to make a new one bound to the old one's node.
        Json.child(pod, "metadata").addProperty("uid", Json.text(live, "metadata", "uid"));
        return pod;
    }

    /// @return what to merge over `live` so that it becomes as wanted, even where someone has added to it
    static JsonObject toOverwrite(JsonObject wanted, JsonObject live) {
        JsonObject body = wanted.deepCopy();
        JsonObject selector = Json.object(body, "spec", "selector");
        Json.object(live, "spec", "selector").keySet().stream()
                .filter(key -> !selector.has(key))
                .forEach(key -> selector.add(key, JsonNull.INSTANCE));
        return body;
    }

    /// Whether a field is owned as a whole, so that what others add to it is a difference too.
    private static boolean isWhole(String key) {
        return key.equals("attributes")
                || key.equals("brokerProperties")
                || key.equals("deviceUsage")
                || key.equals("selector");
    }
}
