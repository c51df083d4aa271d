package dev.petiole.scheduler.condition;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Conditions in the form in which an object's status has them.
public final class Conditions {

    private Conditions() {}

    /// Writes conditions; one whose status is as before keeps the time of its last transition.
    ///
    /// @param object the object as it is, with its conditions so far
    /// @param now when those that change have changed
    public static JsonArray toJson(List<Condition> conditions, JsonObject object, Instant now) {
        long generation = Json.number(object, "metadata", "generation");
        var array = new JsonArray();
        for (Condition condition : conditions) {
            var json = new JsonObject();
            json.addProperty("type", condition.type());
            json.addProperty("status", condition.status().toString());
            json.addProperty("reason", condition.reason());
            json.addProperty("message", condition.message());
            json.addProperty("lastTransitionTime", lastTransition(condition, object, now));
            json.addProperty("observedGeneration", generation);
            array.add(json);
        }
        return array;
    }

    /// @return whether the condition differs from the object's in status or reason
    public static boolean isChange(Condition condition, JsonObject object) {
        return Json.findCondition(object, condition.type())
                .filter(before ->
                        Json.text(before, "status").equals(condition.status().toString())
                                && Json.text(before, "reason").equals(condition.reason()))
                .isEmpty();
    }

    /// @return the condition that all of these hold; if not, with the reasons of the first that does not
    public static Condition allOf(String type, List<Condition> conditions) {
        Optional<Condition> worst = conditions.stream()
                .filter(condition -> condition.status() == Condition.Status.FALSE)
                .findFirst()
                .or(() -> conditions.stream()
                        .filter(condition -> !condition.isTrue())
                        .findFirst());
        if (worst.isPresent()) {
            return new Condition(
                    type,
                    worst.get().status(),
                    worst.get().reason(),
                    worst.get().message());
        }
        String message = conditions.stream().map(Condition::message).collect(Collectors.joining(" "));
        return Condition.isTrue(type, type, message);
    }

    private static String lastTransition(Condition condition, JsonObject object, Instant now) {
        return Json.findCondition(object, condition.type())
                .filter(before ->
                        Json.text(before, "status").equals(condition.status().toString()))
                .map(before -> Json.text(before, "lastTransitionTime"))
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
