package dev.petiole.scheduler.exposure;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.api.device.Slot;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.node.NodeState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// Reads the short form in which the cases tell a situation, and writes plans as they are compared.
final class Cases {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private Cases() {}

    static JsonObject parse(String yaml) {
        Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        return new Gson().toJsonTree(tree).getAsJsonObject();
    }

    static String dump(JsonElement tree) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        return new Yaml(options).dump(new Yaml(new SafeConstructor(new LoaderOptions())).load(tree.toString()));
    }

    /// `{nodes: {name: hostname}, devices: […], slices: […], classes: […], templates: […]}`
    static ExposurePlanner.Situation read(JsonObject configuration, JsonObject state) {
        Map<String, NodeState> nodes = new HashMap<>();
        Json.texts(state, "nodes")
                .forEach((name, host) ->
                        nodes.put(name, new NodeState(name, true, true, Map.of("kubernetes.io/hostname", host))));
        return new ExposurePlanner.Situation(
                configuration,
                Json.objects(state, "devices").stream()
                        .map(device -> device(configuration, device))
                        .toList(),
                nodes,
                new ExposurePlanner.Existing(
                        Json.objects(state, "slices"),
                        Json.objects(state, "classes"),
                        Json.objects(state, "templates")));
    }

    static JsonObject write(ExposurePlan plan) {
        var wanted = new JsonArray();
        plan.wanted().forEach(wanted::add);
        var templates = new JsonObject();
        plan.templates().keySet().stream()
                .sorted()
                .forEach(name -> templates.add(name, plan.templates().get(name)));
        var removals = new JsonArray();
        plan.removals()
                .forEach(object ->
                        removals.add(Json.text(object, "kind") + " " + Json.text(object, "metadata", "name")));
        var devices = new JsonObject();
        plan.devices().keySet().stream().sorted().forEach(name -> {
            ExposurePlan.OfDevice of = plan.devices().get(name);
            var entry = new JsonObject();
            entry.addProperty("slots", of.slots());
            if (!of.leftOut().isEmpty()) {
                entry.add("leftOut", Json.array(of.leftOut()));
            }
            devices.add(name, entry);
        });
        var written = new JsonObject();
        written.add("wanted", wanted);
        if (!templates.isEmpty()) {
            written.add("templates", templates);
        }
        written.add("removals", removals);
        written.add("devices", devices);
        return written;
    }

    /// `{name, nodes: {node: Presence}, capacity, admission, properties, slots: [{resource, id, node}]}`
    private static Device device(JsonObject configuration, JsonObject device) {
        List<NodePresence> nodes = new ArrayList<>();
        Json.texts(device, "nodes")
                .forEach((node, presence) ->
                        nodes.add(new NodePresence(node, Presence.valueOf(presence.toUpperCase(Locale.ROOT)), NOW)));
        Presence presence = nodes.stream()
                .map(NodePresence::presence)
                .min(Presence::compareTo)
                .orElse(Presence.OFFLINE);
        String admission = Json.text(device, "admission");
        List<Slot> slots = new ArrayList<>();
        for (JsonObject slot : Json.objects(device, "slots")) {
            slots.add(new Slot(
                    slots.size(),
                    Json.text(slot, "node"),
                    Json.text(slot, "resource"),
                    Json.text(slot, "id"),
                    null,
                    null,
                    null,
                    NOW));
        }
        return new Device(
                Json.text(device, "name"),
                ConfigurationKey.of(
                        Json.text(configuration, "metadata", "namespace"),
                        Json.text(configuration, "metadata", "name")),
                Json.text(configuration, "metadata", "uid"),
                "debugEcho",
                "identity",
                nodes.size() > 1,
                (int) Math.max(1, Json.number(device, "capacity")),
                Json.texts(device, "properties"),
                admission.isEmpty() ? Admission.APPROVED : Admission.valueOf(admission.toUpperCase(Locale.ROOT)),
                presence,
                NOW,
                nodes,
                slots,
                "1");
    }
}
