package dev.petiole.scheduler.workload;

import com.google.gson.JsonObject;
import dev.petiole.api.device.Device;
import dev.petiole.scheduler.condition.Reason;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Decides which broker Pods, Jobs and Services there should be for one Configuration. A pure function: the same
/// situation always gives the same plan.
public final class WorkloadPlanner {

    private final Situation situation;
    private final Templates templates;
    private final Dialect dialect;
    private final List<Wanted> wanted = new ArrayList<>();
    private final List<Removal> removals = new ArrayList<>();
    private final Map<String, WorkloadPlan.DeviceBrokers> brokers = new HashMap<>();
    private final Map<String, Integer> load;
    private @Nullable Instant lookAgain;

    private WorkloadPlanner(Dialect dialect, Situation situation) {
        this.dialect = dialect;
        this.situation = situation;
        this.templates = new Templates(dialect, situation.configuration());
        this.load = new HashMap<>(situation.load());
    }

    public static WorkloadPlan plan(Dialect dialect, Situation situation) {
        return new WorkloadPlanner(dialect, situation).plan();
    }

    private WorkloadPlan plan() {
        Map<String, List<JsonObject>> podsByDevice = byDevice(
                situation.existing().pods(),
                pod -> dialect.deviceOfPod(templates.configurationName(), Json.text(pod, "metadata", "name")));
        Map<String, List<JsonObject>> jobsByDevice =
                byDevice(situation.existing().jobs(), this::deviceOf);
        for (Device device : situation.devices()) {
            List<JsonObject> pods = podsByDevice.getOrDefault(device.name(), List.of());
            List<JsonObject> jobs = jobsByDevice.getOrDefault(device.name(), List.of());
            planBrokers(device, pods, jobs);
        }
        boolean hasRetainedBrokers = situation.retained().stream()
                .anyMatch(name -> podsByDevice.containsKey(name) || jobsByDevice.containsKey(name));
        planServices(hasRetainedBrokers);
        return new WorkloadPlan(wanted, removals, brokers, Optional.ofNullable(lookAgain));
    }

    private void planBrokers(Device device, List<JsonObject> pods, List<JsonObject> jobs) {
        switch (templates.kind()) {
            case POD -> {
                planPods(device, pods);
                jobs.forEach(job -> remove(job, Reason.TEMPLATE_CHANGED));
            }
            case JOB -> {
                planJob(device, jobs);
                pods.forEach(pod -> remove(pod, Reason.TEMPLATE_CHANGED));
            }
            case NONE -> {
                pods.forEach(pod -> remove(pod, Reason.TEMPLATE_CHANGED));
                jobs.forEach(job -> remove(job, Reason.TEMPLATE_CHANGED));
            }
        }
    }

    private void planPods(Device device, List<JsonObject> pods) {
        var broker = new DevicePods(dialect, situation, device, pods, load);
        DevicePods.Decision decision = broker.decide(templates.podHash());
        List<String> names = new ArrayList<>();
        for (String node : decision.present()) {
            wanted.add(ownedBy(device, templates.pod(device, node)));
            names.add(dialect.podName(device, node));
        }
        decision.removals().forEach((pod, reason) -> remove(pod, reason));
        decision.replaced().forEach(node -> names.add(dialect.podName(device, node)));
        decision.added().forEach(node -> load.merge(node, 1, Integer::sum));
        names.sort(null);
        int spares = Math.max(0, names.size() + decision.open() - device.capacity());
        brokers.put(device.name(), new WorkloadPlan.DeviceBrokers(names, decision.open(), decision.awaits(), spares));
        decision.lookAgain().ifPresent(this::lookAgainAt);
    }

    private void planJob(Device device, List<JsonObject> jobs) {
        JsonObject job = templates.job(device);
        String name = Json.text(job, "metadata", "name");
        boolean exists =
                jobs.stream().anyMatch(one -> Json.text(one, "metadata", "name").equals(name));
        if (exists || device.presence() == Device.Presence.ONLINE) {
            wanted.add(ownedBy(device, job));
            jobs.stream()
                    .filter(one -> !Json.text(one, "metadata", "name").equals(name))
                    .forEach(one -> remove(one, Reason.TEMPLATE_CHANGED));
            brokers.put(device.name(), WorkloadPlan.DeviceBrokers.of(List.of(name)));
        } else {
            // The old one stays until the device can be given to a new one.
            List<String> names = jobs.stream()
                    .map(one -> Json.text(one, "metadata", "name"))
                    .sorted()
                    .toList();
            brokers.put(device.name(), WorkloadPlan.DeviceBrokers.of(names));
        }
    }

    private void planServices(boolean hasRetainedBrokers) {
        Set<String> names = new HashSet<>();
        boolean hasBrokers = hasRetainedBrokers;
        for (Device device : situation.devices()) {
            WorkloadPlan.DeviceBrokers there = brokers.get(device.name());
            if (there == null || !there.isServed()) {
                continue;
            }
            hasBrokers = true;
            templates.findInstanceService(device).ifPresent(service -> {
                wanted.add(ownedBy(device, service));
                names.add(Json.text(service, "metadata", "name"));
            });
        }
        if (hasBrokers) {
            templates.findConfigurationService().ifPresent(service -> {
                wanted.add(
                        Wanted.of(service, new Wanted.Owner(dialect.configurations(), templates.configurationName())));
                names.add(Json.text(service, "metadata", "name"));
            });
        }
        removeServicesExcept(names);
    }

    private void removeServicesExcept(Set<String> names) {
        Set<String> exposed = new HashSet<>();
        situation.devices().forEach(device -> exposed.add(device.name()));
        for (JsonObject service : situation.existing().services()) {
            String device = deviceOf(service);
            // Those of a device that is gone follow their Instance.
            boolean isOurs = device.isEmpty() || exposed.contains(device);
            if (isOurs && !names.contains(Json.text(service, "metadata", "name"))) {
                remove(service, Reason.NO_PLACE);
            }
        }
    }

    private void remove(JsonObject object, String reason) {
        if (Json.at(object, "metadata", "deletionTimestamp") == null) {
            removals.add(new Removal(ObjectKey.of(object), Json.text(object, "metadata", "uid"), reason));
        }
    }

    private void lookAgainAt(Instant at) {
        if (lookAgain == null || at.isBefore(lookAgain)) {
            lookAgain = at;
        }
    }

    private Wanted ownedBy(Device device, JsonObject object) {
        return Wanted.of(object, new Wanted.Owner(dialect.instances(), device.name()));
    }

    private static Map<String, List<JsonObject>> byDevice(
            List<JsonObject> objects, Function<JsonObject, String> deviceOf) {
        Map<String, List<JsonObject>> byDevice = new HashMap<>();
        for (JsonObject object : objects) {
            byDevice.computeIfAbsent(deviceOf.apply(object), _ -> new ArrayList<>())
                    .add(object);
        }
        return byDevice;
    }

    private String deviceOf(JsonObject object) {
        return Json.text(object, "metadata", "labels", dialect.instanceLabel());
    }
}
