package dev.petiole.scheduler.workload;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.Json;

/// Writes a plan in the form in which the cases tell it.
final class PlanWriter {

    private PlanWriter() {}

    static JsonObject write(WorkloadPlan plan) {
        var wanted = new JsonArray();
        for (Wanted object : plan.wanted()) {
            var entry = new JsonObject();
            entry.addProperty(
                    "owner",
                    object.owner().resource().kind() + " " + object.owner().name());
            JsonObject written = object.object().deepCopy();
            // The hash of what is current would tell the reader nothing; only Pods are compared by it.
            JsonObject annotations = Json.object(written, "metadata", "annotations");
            annotations.remove("petiole.dev/spec-hash");
            if (Json.text(written, "kind").equals("Pod")) {
                annotations.addProperty("petiole.dev/spec-hash", "current");
            }
            if (annotations.isEmpty()) {
                Json.object(written, "metadata").remove("annotations");
            }
            entry.add("object", written);
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
            if (!of.selector().isEmpty()) {
                entry.add("selector", Json.of(of.selector()));
            }
            brokers.add(device, entry);
        });
        var written = new JsonObject();
        written.add("wanted", wanted);
        written.add("removals", removals);
        written.add("brokers", brokers);
        plan.common().ifPresent(common -> written.add("common", Json.array(common.names())));
        if (!plan.faults().isEmpty()) {
            written.add("faults", Json.of(plan.faults()));
        }
        plan.lookAgain().ifPresent(at -> written.addProperty("lookAgain", at.toString()));
        return written;
    }
}
