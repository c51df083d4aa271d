package dev.petiole.scheduler.workload;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.api.device.Slot;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.node.NodeState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Reads the short form in which the cases tell a situation.
final class SituationReader {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private static final Resource MACHINE = new Resource("kubevirt.io", "v1", "virtualmachines", "VirtualMachine");

    private SituationReader() {}

    /// @return the dialect of the Configuration's own group
    static Dialect dialect(JsonObject configuration) {
        return Dialect.AKRI.configurations().isOf(configuration) ? Dialect.AKRI : Dialect.PETIOLE;
    }

    static Situation read(JsonObject configuration, JsonObject state) {
        Map<Resource, List<JsonObject>> objects = new HashMap<>();
        List<Device> devices = Json.objects(state, "devices").stream()
                .map(device -> device(configuration, device))
                .toList();
        Map<String, NodeState> nodes = new HashMap<>();
        Json.texts(state, "nodes").forEach((name, text) -> nodes.put(name, node(name, text)));
        Map<String, Integer> load = new HashMap<>();
        Json.texts(state, "load").forEach((name, count) -> load.put(name, (int) Double.parseDouble(count)));
        Map<String, Integer> failures = new HashMap<>();
        Json.texts(state, "failures").forEach((pod, count) -> failures.put(pod, (int) Double.parseDouble(count)));
        Map<String, Instant> notBefore = new HashMap<>();
        Json.texts(state, "notBefore").forEach((pod, at) -> notBefore.put(pod, Instant.parse(at)));
        Map<String, Retries.Cause> causes = new HashMap<>();
        Json.texts(state, "failedWith").forEach((pod, hash) -> causes.put(pod, new Retries.Cause(hash, NOW)));
        objects.put(
                Resource.POD,
                Json.objects(state, "pods").stream()
                        .map(pod -> pod(configuration, pod, devices))
                        .toList());
        objects.put(Resource.JOB, objects(configuration, state, "jobs", Resource.JOB));
        objects.put(Resource.SERVICE, objects(configuration, state, "services", Resource.SERVICE));
        objects.put(Resource.DEPLOYMENT, objects(configuration, state, "deployments", Resource.DEPLOYMENT));
        objects.put(Resource.CONFIG_MAP, objects(configuration, state, "configMaps", Resource.CONFIG_MAP));
        objects.put(Resource.DAEMON_SET, objects(configuration, state, "daemonSets", Resource.DAEMON_SET));
        objects.put(MACHINE, objects(configuration, state, "virtualMachines", MACHINE));
        return new Situation(
                configuration,
                devices,
                Set.copyOf(texts(state, "retained")),
                new Existing(objects, Set.of(MACHINE)),
                nodes,
                load,
                new Retries(failures, notBefore, causes),
                Set.copyOf(texts(state, "uninformed")),
                NOW);
    }

    private static Device device(JsonObject configuration, JsonObject device) {
        List<NodePresence> nodes = new ArrayList<>();
        Json.texts(device, "nodes")
                .forEach((node, presence) ->
                        nodes.add(new NodePresence(node, Presence.valueOf(presence.toUpperCase(Locale.ROOT)), NOW)));
        Presence presence = nodes.stream()
                .map(NodePresence::presence)
                .min(Presence::compareTo)
                .orElse(Presence.OFFLINE);
        return new Device(
                Json.text(device, "name"),
                new ConfigurationKey(
                        dialect(configuration).group(),
                        Json.text(configuration, "metadata", "namespace"),
                        Json.text(configuration, "metadata", "name")),
                "uid",
                "debugEcho",
                "identity",
                nodes.size() > 1 || Json.text(device, "shared").equals("true"),
                (int) Math.max(1, Json.number(device, "capacity")),
                Json.texts(device, "properties"),
                Device.Admission.APPROVED,
                presence,
                NOW,
                nodes,
                slots(device),
                "1");
    }

    /// `slots: {0: node1}` says which node holds which slot, `{0: node1/other}` that a Pod of this name uses it.
    private static List<Slot> slots(JsonObject device) {
        List<Slot> slots = new ArrayList<>();
        Json.texts(device, "slots").forEach((index, holder) -> {
            String[] parts = holder.split("/", 2);
            String pod = parts.length == 1 ? null : parts[1];
            slots.add(new Slot(Integer.parseInt(index), parts[0], "resource", "id-" + index, null, pod, null, NOW));
        });
        return slots;
    }

    private static NodeState node(String name, String text) {
        return new NodeState(name, !text.equals("NotReady"), !text.equals("Cordoned"), Map.of());
    }

    /// `{name, device, node, shared, phase, hash: current|old|none, ready, deleting, labels}`
    private static JsonObject pod(JsonObject configuration, JsonObject brief, List<Device> devices) {
        String node = Json.text(brief, "node");
        Dialect dialect = dialect(configuration);
        String given = Json.text(brief, "name");
        String name = given.isEmpty() ? dialect.podName(named(configuration, brief), node) : given;
        JsonObject pod = object(configuration, brief, Resource.POD, name);
        JsonObject metadata = Json.child(pod, "metadata");
        metadata.addProperty("creationTimestamp", "2026-11-24T11:00:00Z");
        String label = Json.text(brief, "labelledNode");
        Json.child(metadata, "labels").addProperty(dialect.targetNodeLabel(), label.isEmpty() ? node : label);
        String labelledDevice = Json.text(brief, "labelledDevice");
        if (!labelledDevice.isEmpty()) {
            Json.child(metadata, "labels").addProperty(dialect.instanceLabel(), labelledDevice);
        }
        String from = Json.text(brief, "hash");
        if (!from.equals("none")) {
            Json.child(metadata, "annotations")
                    .addProperty(
                            "petiole.dev/spec-hash", from.equals("old") ? "old" : hash(configuration, brief, devices));
        }
        if (Json.text(brief, "deleting").equals("true")) {
            metadata.addProperty("deletionTimestamp", "2026-11-24T11:59:59Z");
        }
        String phase = Json.text(brief, "phase");
        JsonObject status = Json.child(pod, "status");
        status.addProperty("phase", phase.isEmpty() ? "Running" : phase);
        var ready = new JsonObject();
        ready.addProperty("type", "Ready");
        ready.addProperty("status", Json.text(brief, "ready").equals("true") ? "True" : "False");
        var conditions = new JsonArray();
        conditions.add(ready);
        status.add("conditions", conditions);
        return pod;
    }

    private static String hash(JsonObject configuration, JsonObject brief, List<Device> devices) {
        String name = Json.text(brief, "device");
        Device device = devices.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseGet(() -> named(configuration, brief));
        return new Templates(dialect(configuration), configuration)
                .podHash(
                        device,
                        Json.object(configuration, "spec", "brokerSpec", "brokerPodSpec"),
                        Json.text(brief, "node"));
    }

    /// @return the device of which a brief tells, as far as names go
    private static Device named(JsonObject configuration, JsonObject brief) {
        JsonObject device = brief.deepCopy();
        device.addProperty("name", Json.text(brief, "device"));
        return device(configuration, device);
    }

    private static List<JsonObject> objects(JsonObject configuration, JsonObject state, String key, Resource resource) {
        return Json.objects(state, key).stream()
                .map(brief -> object(configuration, brief, resource, Json.text(brief, "name")))
                .toList();
    }

    private static JsonObject object(JsonObject configuration, JsonObject brief, Resource resource, String name) {
        var object = new JsonObject();
        object.addProperty("apiVersion", resource.apiVersion());
        object.addProperty("kind", resource.kind());
        if (brief.has("data")) {
            object.add("data", brief.get("data"));
        }
        JsonObject metadata = Json.child(object, "metadata");
        metadata.addProperty("namespace", Json.text(configuration, "metadata", "namespace"));
        metadata.addProperty("name", name);
        metadata.addProperty("uid", "uid-of-" + name);
        JsonObject labels = Json.child(metadata, "labels");
        dialect(configuration)
                .podTemplateLabels(Json.text(configuration, "metadata", "name"), null)
                .forEach(labels::addProperty);
        if (brief.has("device")) {
            labels.addProperty(dialect(configuration).instanceLabel(), Json.text(brief, "device"));
        }
        return object;
    }

    private static List<String> texts(JsonObject state, String key) {
        List<String> texts = new ArrayList<>();
        JsonElement array = Json.at(state, key);
        if (array != null) {
            array.getAsJsonArray().forEach(text -> texts.add(text.getAsString()));
        }
        return texts;
    }
}
