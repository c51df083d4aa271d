package dev.petiole.scheduler.workload;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.petiole.scheduler.kubernetes.Json;

/// Writes a plan in the form in which the cases tell it.
final class PlanWriter {

    private PlanWriter() {}

    /// @param hash of the current template, written as `current`
    static JsonObject write(WorkloadPlan plan, String hash) {
        var wanted = new JsonArray();
        for (Wanted object : plan.wanted()) {
            var entry = new JsonObject();
            entry.addProperty(
                    "owner",
                    object.owner().resource().kind() + " " + object.owner().name());
            entry.add(
                    "object", JsonParser.parseString(object.object().toString().replace(hash, "current")));
            // Only brokers are compared by it; the others' hash would tell the reader nothing.
            if (!Json.text(object.object(), "kind").equals("Pod")) {
                Json.object(entry, "object", "metadata").remove("annotations");
            }
            wanted.add(entry);
        }
        var removals = new JsonArray();
        plan.removals().forEach(removal -> removals.add(removal.key() + ": " + removal.reason()));
        var brokers = new JsonObject();
        plan.brokers().keySet().stream().sorted().forEach(device -> {
            WorkloadPlan.DeviceBrokers of = plan.brokers().get(device);
            var entry = new JsonObject();
            entry.add("names", Json.array(of.names()));
            if (of.open() > 0) {
                entry.addProperty("open", of.open());
                entry.addProperty("wait", of.awaits().name());
            }
            brokers.add(device, entry);
        });
        var written = new JsonObject();
        written.add("wanted", wanted);
        written.add("removals", removals);
        written.add("brokers", brokers);
        plan.lookAgain().ifPresent(at -> written.addProperty("lookAgain", at.toString()));
        return written;
    }
}
