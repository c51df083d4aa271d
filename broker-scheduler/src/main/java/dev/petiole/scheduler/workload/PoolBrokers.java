package dev.petiole.scheduler.workload;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.template.Filling;
import dev.petiole.scheduler.template.TemplateFault;
import dev.petiole.scheduler.template.Values;
import dev.petiole.scheduler.workload.WorkloadPlan.DeviceBrokers;
import dev.petiole.scheduler.workload.WorkloadPlan.Wait;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// A broker for up to so many devices: a Deployment of one Pod, and a ConfigMap that lists its devices and is mounted
/// into each of its containers. The list follows the devices; the Pod stays.
///
/// A device stays with its broker. Which one that is stands in the brokers' own lists, as where a Pod is stands in the
/// Pod.
final class PoolBrokers implements Brokers {

    private static final String FILE = "devices.json";
    private static final String VOLUME = "petiole-devices";
    private static final String DIRECTORY = "/etc/petiole";
    private static final String SUFFIX = "-pool-";

    private final Situation situation;
    private final Templates templates;
    private final Broker.Pool broker;
    private final String poolLabel;
    private final Children children;
    private final SortedMap<Integer, List<Device>> pools = new TreeMap<>();
    // Those with a device of which the registry says nothing: they stay as they are.
    private final Set<Integer> kept = new HashSet<>();

    /// @param poolLabel by which the Pods of one broker are told from those of another
    PoolBrokers(Situation situation, Templates templates, Broker.Pool broker, String poolLabel, Children children) {
        this.situation = situation;
        this.templates = templates;
        this.broker = broker;
        this.poolLabel = poolLabel;
        this.children = children;
    }

    @Override
    public Set<Resource> resources() {
        return Set.of(Resource.DEPLOYMENT, Resource.CONFIG_MAP);
    }

    @Override
    public boolean isServed(String retainedDevice) {
        return children.of(Resource.CONFIG_MAP, "").stream()
                .anyMatch(list -> devicesOf(list).contains(retainedDevice));
    }

    @Override
    public void plan(Draft draft) {
        if (Templates.hasPlaceholder(broker.podSpec())) {
            draft.fault(
                    "",
                    "brokerSpec.brokerPool.podSpec: {{PLACEHOLDER}} has no meaning here, since the devices of a"
                            + " broker change while its Pod stays (expected: none; the devices are listed in "
                            + DIRECTORY + "/" + FILE + ")");
            return;
        }
        assign();
        List<String> names = new ArrayList<>();
        try {
            for (Map.Entry<Integer, List<Device>> pool : pools.entrySet()) {
                plan(draft, pool.getKey(), pool.getValue(), names);
            }
            names.sort(null);
        } catch (TemplateFault e) {
            draft.fault("", "brokerSpec.brokerPool.podSpec." + e.getMessage());
            return;
        }
        draft.common(DeviceBrokers.of(names));
    }

    private void plan(Draft draft, int number, List<Device> devices, List<String> names) {
        String name = templates.configurationName() + SUFFIX + number;
        names.add(name);
        Map<String, String> selector = Map.of(poolLabel, name);
        devices.forEach(
                device -> draft.brokersOf(device, new DeviceBrokers(List.of(name), 0, Wait.NOTHING, 0, selector)));
        if (kept.contains(number)) {
            resources()
                    .forEach(resource -> children.of(resource, "").stream()
                            .filter(object ->
                                    Json.text(object, "metadata", "name").equals(name))
                            .forEach(object -> draft.spare(resource, object)));
            return;
        }
        JsonObject list = templates.ofConfiguration(Resource.CONFIG_MAP, SUFFIX + number);
        var data = new JsonObject();
        data.addProperty(FILE, list(devices).toString());
        list.add("data", data);
        draft.want(Resource.CONFIG_MAP, list, templates.ownerOf(null));
        draft.want(Resource.DEPLOYMENT, deployment(number), templates.ownerOf(null));
    }

    /// Keeps each device where it is; gives the others to the first broker with room. A broker without devices goes.
    private void assign() {
        Map<String, Device> unassigned = new TreeMap<>();
        situation.devices().forEach(device -> unassigned.put(device.name(), device));
        for (JsonObject list : children.of(Resource.CONFIG_MAP, "")) {
            int number = numberOf(list);
            if (number < 0) {
                continue;
            }
            List<Device> devices = pools.computeIfAbsent(number, _ -> new ArrayList<>());
            for (String name : devicesOf(list)) {
                Device device = devices.size() < broker.devicesPerBroker() ? unassigned.remove(name) : null;
                if (device != null) {
                    devices.add(device);
                } else if (situation.retained().contains(name)) {
                    kept.add(number);
                }
            }
        }
        int number = 0;
        for (Device device : unassigned.values()) {
            // An offline device has no Instance; one that is missing has not lost its broker yet, but gets no new one.
            if (!Brokers.isOnline(device)) {
                continue;
            }
            while (kept.contains(number)
                    || pools.getOrDefault(number, List.of()).size() >= broker.devicesPerBroker()) {
                number++;
            }
            pools.computeIfAbsent(number, _ -> new ArrayList<>()).add(device);
        }
        pools.entrySet().removeIf(pool -> pool.getValue().isEmpty() && !kept.contains(pool.getKey()));
    }

    private JsonObject deployment(int number) {
        JsonObject deployment = templates.ofConfiguration(Resource.DEPLOYMENT, SUFFIX + number);
        String name = Json.text(deployment, "metadata", "name");
        JsonObject podSpec = Filling.podTemplate(broker.podSpec(), new Values(Map.of("broker.name", name), Map.of()));
        mount(podSpec, name);
        var spec = new JsonObject();
        spec.addProperty("replicas", 1);
        JsonObject template = Json.child(spec, "template");
        template.add("spec", podSpec);
        templates.withPods(Resource.DEPLOYMENT, spec, null);
        Json.child(Json.child(spec, "selector"), "matchLabels").addProperty(poolLabel, name);
        Json.child(Json.child(template, "metadata"), "labels").addProperty(poolLabel, name);
        Map<String, String> properties = Json.texts(situation.configuration(), "spec", "brokerProperties");
        properties.forEach(
                (key, value) -> Json.objects(podSpec, "containers").forEach(one -> addVariable(one, key, value)));
        deployment.add("spec", spec);
        return deployment;
    }

    private static void addVariable(JsonObject container, String name, String value) {
        JsonElement variables = container.get("env");
        JsonArray array = variables != null && variables.isJsonArray() ? variables.getAsJsonArray() : new JsonArray();
        var variable = new JsonObject();
        variable.addProperty("name", name);
        variable.addProperty("value", value.replace("$", "$$"));
        array.add(variable);
        container.add("env", array);
    }

    private static void mount(JsonObject podSpec, String configMap) {
        var volume = new JsonObject();
        volume.addProperty("name", VOLUME);
        Json.child(volume, "configMap").addProperty("name", configMap);
        append(podSpec, "volumes", volume);
        for (JsonObject container : Json.objects(podSpec, "containers")) {
            var mount = new JsonObject();
            mount.addProperty("name", VOLUME);
            mount.addProperty("mountPath", DIRECTORY);
            mount.addProperty("readOnly", true);
            append(container, "volumeMounts", mount);
        }
    }

    private static void append(JsonObject object, String key, JsonObject element) {
        JsonElement there = object.get(key);
        JsonArray array = there != null && there.isJsonArray() ? there.getAsJsonArray() : new JsonArray();
        array.add(element);
        object.add(key, array);
    }

    private JsonArray list(List<Device> devices) {
        Map<String, String> brokerProperties = Json.texts(situation.configuration(), "spec", "brokerProperties");
        var list = new JsonArray();
        devices.stream()
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .forEach(device -> {
                    Map<String, String> properties = new HashMap<>(device.properties());
                    properties.putAll(brokerProperties);
                    var entry = new JsonObject();
                    entry.addProperty("name", device.name());
                    entry.addProperty("online", Brokers.isOnline(device));
                    entry.add("nodes", Json.array(nodesOf(device)));
                    entry.add("properties", Json.of(properties));
                    list.add(entry);
                });
        return list;
    }

    private static List<String> nodesOf(Device device) {
        return device.nodes().stream()
                .filter(entry -> entry.presence() != Presence.OFFLINE)
                .map(NodePresence::node)
                .sorted()
                .toList();
    }

    private int numberOf(JsonObject list) {
        String name = Json.text(list, "metadata", "name");
        String prefix = templates.configurationName() + SUFFIX;
        String number = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        return number.matches("\\d{1,5}") ? Integer.parseInt(number) : -1;
    }

    private static List<String> devicesOf(JsonObject list) {
        try {
            JsonElement devices = JsonParser.parseString(Json.text(list, "data", FILE));
            List<String> names = new ArrayList<>();
            if (devices.isJsonArray()) {
                devices.getAsJsonArray().forEach(device -> names.add(Json.text(device, "name")));
            }
            return names;
        } catch (JsonParseException _) {
            // Someone has edited it. It is put back.
            return List.of();
        }
    }
}
