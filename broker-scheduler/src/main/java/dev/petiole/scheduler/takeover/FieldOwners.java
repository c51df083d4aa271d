package dev.petiole.scheduler.takeover;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Moves the ownership of an object's fields (`metadata.managedFields`) from one manager to others. What
/// nobody owns, or another one does too, an apply could never take away. Pure.
final class FieldOwners {

    private FieldOwners() {}

    /// @param isFormer which entries of `managedFields` end
    /// @return the object's owners once all that those owned is Petiole's
    static JsonArray toPetiole(JsonObject object, Predicate<JsonObject> isFormer, Instant now) {
        var fields = new JsonObject();
        var owners = new JsonArray();
        for (JsonObject entry : Json.objects(object, "metadata", "managedFields")) {
            boolean isOurs = Json.text(entry, "manager").equals(ApiServer.FIELD_MANAGER) && isOfWhole(entry);
            if (isFormer.test(entry) || isOurs) {
                merge(fields, Json.object(entry, "fieldsV1"));
            } else {
                owners.add(entry);
            }
        }
        owners.add(entry(ApiServer.FIELD_MANAGER, object, fields, now));
        return owners;
    }

    /// @param fields by manager, what each owns
    /// @return the object's owners once Petiole owns nothing and those own what they are to
    static JsonArray fromPetiole(JsonObject object, Map<String, JsonObject> fields, Instant now) {
        var owners = new JsonArray();
        for (JsonObject entry : Json.objects(object, "metadata", "managedFields")) {
            if (!Json.text(entry, "manager").equals(ApiServer.FIELD_MANAGER)) {
                owners.add(entry);
            }
        }
        new TreeMap<>(fields).forEach((manager, owned) -> owners.add(entry(manager, object, owned, now)));
        return owners;
    }

    private static boolean isOfWhole(JsonObject entry) {
        return Json.text(entry, "subresource").isEmpty();
    }

    private static JsonObject entry(String manager, JsonObject object, JsonObject fields, Instant now) {
        var entry = new JsonObject();
        entry.addProperty("manager", manager);
        entry.addProperty("operation", "Apply");
        entry.addProperty("apiVersion", Json.text(object, "apiVersion"));
        entry.addProperty("time", now.truncatedTo(ChronoUnit.SECONDS).toString());
        entry.addProperty("fieldsType", "FieldsV1");
        entry.add("fieldsV1", fields);
        return entry;
    }

    private static void merge(JsonObject into, JsonObject fields) {
        fields.asMap().forEach((key, part) -> {
            JsonElement present = into.get(key);
            if (present != null && present.isJsonObject() && part.isJsonObject()) {
                merge(present.getAsJsonObject(), part.getAsJsonObject());
            } else {
                into.add(key, part.deepCopy());
            }
        });
    }
}
