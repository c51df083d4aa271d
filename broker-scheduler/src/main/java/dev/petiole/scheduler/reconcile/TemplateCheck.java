package dev.petiole.scheduler.reconcile;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.node.NodeState;
import dev.petiole.scheduler.workload.Existing;
import dev.petiole.scheduler.workload.Readiness;
import dev.petiole.scheduler.workload.Retries;
import dev.petiole.scheduler.workload.Situation;
import dev.petiole.scheduler.workload.Wanted;
import dev.petiole.scheduler.workload.WorkloadPlan;
import dev.petiole.scheduler.workload.WorkloadPlanner;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds out before there is any device whether the API server will take what a Configuration's templates make, so that
/// whoever writes them need not wait for a device to learn it. The API server itself is asked, since nobody else knows
/// which fields it knows.
final class TemplateCheck {

    // No device has such a name: the digits of names are letters and 2 to 7.
    private static final String NAME = "-0000000000";
    private static final String NODE = "node";

    private final Dialect dialect;
    private final Applier applier;

    TemplateCheck(Dialect dialect, Applier applier) {
        this.dialect = dialect;
        this.applier = applier;
    }

    /// @return by object name, why it could not be made
    Map<String, String> rejections(ConfigurationKey key, JsonObject configuration, Set<Resource> others, Instant now) {
        var node = new NodeState(NODE, true, true, Map.of());
        var situation = new Situation(
                configuration,
                List.of(device(key, configuration, now)),
                Set.of(),
                new Existing(Map.of(), others),
                Map.of(NODE, node),
                Map.of(),
                Retries.NONE,
                Set.of(),
                now);
        WorkloadPlan plan = WorkloadPlanner.plan(dialect, situation);
        Map<String, String> rejections = new HashMap<>();
        // That a device has a value can't be known before it is there.
        plan.faults().forEach((device, message) -> {
            if (device.isEmpty() || !message.contains("the device has no value for")) {
                rejections.put(Readiness.TEMPLATE, message);
            }
        });
        for (Wanted wanted : plan.wanted()) {
            applier.check(wanted.key(), wanted.object())
                    .ifPresent(message -> rejections.put(wanted.key().resource().kind(), message));
        }
        return rejections;
    }

    void forget(ConfigurationKey key) {
        applier.forgetChecks(key.namespace(), key.name());
    }

    private static Device device(ConfigurationKey key, JsonObject configuration, Instant now) {
        return new Device(
                key.name() + NAME,
                key,
                Json.text(configuration, "metadata", "uid"),
                Json.text(configuration, "spec", "discoveryHandler", "name"),
                "",
                false,
                1,
                Map.of(),
                Admission.APPROVED,
                Presence.ONLINE,
                now,
                List.of(new NodePresence(NODE, Presence.ONLINE, now)),
                List.of(),
                "");
    }
}
