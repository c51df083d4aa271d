package dev.petiole.scheduler.kubernetes;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads Kubernetes objects, which are JSON trees of which any part may be absent.
public final class Json {

    private static final int HASH_LENGTH = 16;

    private Json() {}

    /// @return what lies at `path`, or null
    public static @Nullable JsonElement at(JsonElement tree, String... path) {
        JsonElement here = tree;
        for (String step : path) {
            if (!here.isJsonObject()) {
                return null;
            }
            JsonElement next = here.getAsJsonObject().get(step);
            if (next == null || next.isJsonNull()) {
                return null;
            }
            here = next;
        }
        return here;
    }

    /// @return the text at `path`, empty if there is none
    public static String text(JsonElement tree, String... path) {
        JsonElement found = at(tree, path);
        return found != null && found.isJsonPrimitive() ? found.getAsString() : "";
    }

    /// @return the number at `path`, 0 if there is none
    public static long number(JsonElement tree, String... path) {
        JsonElement found = at(tree, path);
        return found != null && found.isJsonPrimitive() ? found.getAsLong() : 0;
    }

    /// @return the object at `path`, an empty one if there is none; not to be changed
    public static JsonObject object(JsonElement tree, String... path) {
        JsonElement found = at(tree, path);
        return found != null && found.isJsonObject() ? found.getAsJsonObject() : new JsonObject();
    }

    /// @return the objects in the array at `path`
    public static List<JsonObject> objects(JsonElement tree, String... path) {
        JsonElement found = at(tree, path);
        List<JsonObject> objects = new ArrayList<>();
        if (found != null && found.isJsonArray()) {
            for (JsonElement element : found.getAsJsonArray()) {
                if (element.isJsonObject()) {
                    objects.add(element.getAsJsonObject());
                }
            }
        }
        return objects;
    }

    /// @return the texts in the array at `path`
    public static List<String> strings(JsonElement tree, String... path) {
        JsonElement found = at(tree, path);
        List<String> strings = new ArrayList<>();
        if (found != null && found.isJsonArray()) {
            for (JsonElement element : found.getAsJsonArray()) {
                if (element.isJsonPrimitive()) {
                    strings.add(element.getAsString());
                }
            }
        }
        return strings;
    }

    /// @return the texts in the object at `path`, by key
    public static Map<String, String> texts(JsonElement tree, String... path) {
        Map<String, String> texts = new TreeMap<>();
        object(tree, path).asMap().forEach((key, value) -> {
            if (value.isJsonPrimitive()) {
                texts.put(key, value.getAsString());
            }
        });
        return texts;
    }

    /// @return the point in time at `path`
    public static Optional<Instant> findInstant(JsonElement tree, String... path) {
        String text = text(tree, path);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException _) {
            // Whoever wrote it did not write a time; that is as if nothing were there.
            return Optional.empty();
        }
    }

    /// @return the object at `key`, made if it is not there
    public static JsonObject child(JsonObject parent, String key) {
        JsonElement found = parent.get(key);
        if (found != null && found.isJsonObject()) {
            return found.getAsJsonObject();
        }
        var made = new JsonObject();
        parent.add(key, made);
        return made;
    }

    public static JsonObject of(Map<String, String> texts) {
        var object = new JsonObject();
        new TreeMap<>(texts).forEach(object::addProperty);
        return object;
    }

    public static JsonArray array(List<String> texts) {
        var array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }

    /// @return the condition of this type in the object's status
    public static Optional<JsonObject> findCondition(JsonObject object, String type) {
        return objects(object, "status", "conditions").stream()
                .filter(condition -> text(condition, "type").equals(type))
                .findFirst();
    }

    /// @return a short hash that is the same for equal trees, whatever the order of their keys
    public static String hash(JsonElement tree) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(canonical(tree).toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static JsonElement canonical(JsonElement tree) {
        if (tree.isJsonObject()) {
            var sorted = new JsonObject();
            new TreeMap<>(tree.getAsJsonObject().asMap()).forEach((key, value) -> sorted.add(key, canonical(value)));
            return sorted;
        }
        if (tree.isJsonArray()) {
            var copy = new JsonArray();
            tree.getAsJsonArray().forEach(element -> copy.add(canonical(element)));
            return copy;
        }
        return tree;
    }
}
