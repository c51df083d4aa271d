package dev.petiole.scheduler.workload;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.template.TemplateFault;
import dev.petiole.scheduler.workload.WorkloadPlan.DeviceBrokers;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An object for each device, or one for all of them, whose Pods Kubernetes itself makes and places: a Deployment, a
/// StatefulSet, a DaemonSet, a CronJob, or whatever else the installation allows.
///
/// It is made while a device is online. While none is, it stays as it is: a Pod that is replaced then could not get
/// its device back.
final class ObjectBrokers implements Brokers {

    private static final Map<Resource, String> FIELDS = Map.of(
            Resource.CRON_JOB, "brokerCronJobSpec",
            Resource.DEPLOYMENT, "brokerDeploymentSpec",
            Resource.STATEFUL_SET, "brokerStatefulSetSpec",
            Resource.DAEMON_SET, "brokerDaemonSetSpec");

    private final Situation situation;
    private final Templates templates;
    private final Broker broker;
    private final Children children;
    private final Resource resource;
    private final boolean isPerDevice;

    ObjectBrokers(Situation situation, Templates templates, Broker.Workload broker, Children children) {
        this.situation = situation;
        this.templates = templates;
        this.broker = broker;
        this.children = children;
        this.resource = broker.resource();
        this.isPerDevice = broker.isPerDevice();
    }

    ObjectBrokers(Situation situation, Templates templates, Broker.Other broker, Children children) {
        this.situation = situation;
        this.templates = templates;
        this.broker = broker;
        this.children = children;
        this.resource = broker.resource();
        this.isPerDevice = broker.isPerDevice();
    }

    @Override
    public Set<Resource> resources() {
        return Set.of(resource);
    }

    @Override
    public boolean isServed(String retainedDevice) {
        return !children.of(resource, isPerDevice ? retainedDevice : "").isEmpty();
    }

    @Override
    public void plan(Draft draft) {
        if (isPerDevice) {
            situation.devices().forEach(device -> planFor(draft, device, List.of(device)));
            return;
        }
        boolean hasDevices =
                !situation.devices().isEmpty() || !situation.retained().isEmpty();
        if (hasDevices) {
            planFor(draft, null, situation.devices());
        }
    }

    /// @param device null if the object is for all
    private void planFor(Draft draft, @Nullable Device device, List<Device> served) {
        String owner = device == null ? "" : device.name();
        List<JsonObject> existing = children.of(resource, owner);
        if (served.stream().noneMatch(Brokers::isOnline)) {
            existing.forEach(object -> draft.spare(resource, object));
            tell(
                    draft,
                    device,
                    served,
                    existing.stream().map(ObjectBrokers::nameOf).sorted().toList());
            return;
        }
        try {
            JsonObject wanted = make(device, served);
            draft.want(resource, wanted, templates.ownerOf(device));
            tell(draft, device, served, List.of(nameOf(wanted)));
        } catch (TemplateFault e) {
            existing.forEach(object -> draft.spare(resource, object));
            String field = FIELDS.getOrDefault(resource, "brokerTemplate.object");
            draft.fault(owner, "brokerSpec." + field + "." + e.getMessage());
        }
    }

    private static void tell(Draft draft, @Nullable Device device, List<Device> served, List<String> names) {
        DeviceBrokers brokers = DeviceBrokers.of(names);
        if (device == null) {
            draft.common(brokers);
        }
        served.forEach(one -> draft.brokersOf(one, brokers));
    }

    private JsonObject make(@Nullable Device device, List<Device> served) {
        return switch (broker) {
            case Broker.Workload workload -> fitted(templates.workload(workload, device), workload, device, served);
            case Broker.Other other -> templates.other(other, device);
            case Broker.None _, Broker.Pods _, Broker.Jobs _, Broker.Pool _, Broker.Unavailable _ ->
                throw new IllegalStateException("broker: " + broker + " (expected: an object)");
        };
    }

    /// Sees to it that no Pod waits for a device that it can't get: not more Pods than slots, none beside an old one
    /// that still has the slot, and none of a DaemonSet where the device is not seen.
    private static JsonObject fitted(
            JsonObject object, Broker.Workload broker, @Nullable Device device, List<Device> served) {
        JsonObject spec = Json.object(object, "spec");
        if (!Templates.hasPlaceholder(broker.spec())) {
            return object;
        }
        Resource resource = broker.resource();
        int slots = served.stream().mapToInt(Device::capacity).sum();
        JsonElement replicas = spec.get("replicas");
        if (replicas != null && replicas.isJsonPrimitive() && replicas.getAsInt() > slots) {
            spec.addProperty("replicas", slots);
        }
        if (resource.equals(Resource.DEPLOYMENT) && !spec.has("strategy")) {
            JsonObject strategy = Json.child(spec, "strategy");
            strategy.addProperty("type", "RollingUpdate");
            JsonObject update = Json.child(strategy, "rollingUpdate");
            update.addProperty("maxSurge", 0);
            update.addProperty("maxUnavailable", 1);
        }
        if (resource.equals(Resource.DAEMON_SET)) {
            Templates.bindTo(Json.child(Json.child(spec, "template"), "spec"), nodes(device, served));
        }
        return object;
    }

    private static List<String> nodes(@Nullable Device device, List<Device> served) {
        List<String> seeing = served.stream()
                .flatMap(one -> one.nodes().stream())
                .filter(entry -> entry.presence() != Presence.OFFLINE)
                .map(NodePresence::node)
                .distinct()
                .sorted()
                .toList();
        if (device == null || seeing.size() <= device.capacity()) {
            return seeing;
        }
        Set<String> holders = device.slots().stream().map(slot -> slot.node()).collect(Collectors.toSet());
        return seeing.stream()
                .sorted(Comparator.comparing((String node) -> !holders.contains(node))
                        .thenComparing(node -> node))
                .limit(device.capacity())
                .sorted()
                .toList();
    }

    private static String nameOf(JsonObject object) {
        return Json.text(object, "metadata", "name");
    }
}
