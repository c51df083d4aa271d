package dev.petiole.scheduler.workload;

import com.google.gson.JsonObject;
import dev.petiole.api.device.Device;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.template.TemplateFault;
import dev.petiole.scheduler.workload.WorkloadPlan.DeviceBrokers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A Pod for each device on each node that sees it, up to the capacity.
final class PodBrokers implements Brokers {

    private final Dialect dialect;
    private final Situation situation;
    private final Templates templates;
    private final JsonObject podSpec;
    private final Children children;

    PodBrokers(Dialect dialect, Situation situation, Templates templates, Broker.Pods broker, Children children) {
        this.dialect = dialect;
        this.situation = situation;
        this.templates = templates;
        this.podSpec = broker.podSpec();
        this.children = children;
    }

    @Override
    public Set<Resource> resources() {
        return Set.of(Resource.POD);
    }

    @Override
    public boolean isServed(String retainedDevice) {
        return !children.of(Resource.POD, retainedDevice).isEmpty();
    }

    @Override
    public void plan(Draft draft) {
        Map<String, Integer> load = new HashMap<>(situation.load());
        Map<Device, DevicePods> placed = new LinkedHashMap<>();
        for (Device device : situation.devices()) {
            List<JsonObject> pods = children.of(Resource.POD, device.name());
            try {
                placed.put(
                        device,
                        new DevicePods(
                                new DevicePods.Subject(dialect, situation, device),
                                pods,
                                node -> templates.podHash(device, podSpec, node),
                                load));
            } catch (TemplateFault e) {
                keep(draft, device, pods, e);
            }
        }
        int count = placed.values().stream().mapToInt(DevicePods::count).sum();
        int unavailable =
                placed.values().stream().mapToInt(DevicePods::unavailable).sum();
        var rollout = Rollout.of(templates.brokerSpec(), count, unavailable);
        placed.forEach((device, pods) -> plan(draft, device, pods.decide(rollout)));
    }

    private void plan(Draft draft, Device device, DevicePods.Decision decision) {
        List<String> names = new ArrayList<>();
        try {
            for (String node : decision.present()) {
                JsonObject pod = templates.pod(device, podSpec, node);
                draft.want(Resource.POD, pod, templates.ownerOf(device));
                names.add(dialect.podName(device, node));
            }
        } catch (TemplateFault e) {
            keep(draft, device, children.of(Resource.POD, device.name()), e);
            return;
        }
        decision.removals().forEach((pod, reason) -> draft.remove(Resource.POD, pod, reason));
        decision.replaced().forEach(node -> names.add(dialect.podName(device, node)));
        names.sort(null);
        int spares = Math.max(0, names.size() + decision.open() - device.capacity());
        draft.brokersOf(device, new DeviceBrokers(names, decision.open(), decision.awaits(), spares, Map.of()));
        decision.lookAgain().ifPresent(draft::lookAgainAt);
    }

    private static void keep(Draft draft, Device device, List<JsonObject> pods, TemplateFault fault) {
        draft.fault(device.name(), "brokerSpec.brokerPodSpec." + fault.getMessage());
        draft.brokersOf(
                device,
                DeviceBrokers.of(pods.stream()
                        .map(pod -> Json.text(pod, "metadata", "name"))
                        .sorted()
                        .toList()));
    }
}
