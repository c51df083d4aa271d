package dev.petiole.scheduler.exposure;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.api.device.Slot;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.node.NodeState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Decides which of a Configuration's devices can be claimed, from which nodes, and in which ResourceSlices
/// that is told. Pure.
///
/// Only what may be granted now is told of: devices that are approved and online, on the nodes that see them,
/// and of their slots as many as nobody holds by other means. So a device that goes offline is claimed by
/// nobody anew, and one that is still used as an extended resource is not handed out twice.
public final class ExposurePlanner {

    private static final String HOSTNAME = "kubernetes.io/hostname";

    private final Dialect dialect;
    private final Situation situation;
    private final Attributes attributes;

    private ExposurePlanner(Dialect dialect, Situation situation) {
        this.dialect = dialect;
        this.situation = situation;
        this.attributes =
                Attributes.of(situation.devices(), Json.texts(situation.configuration(), "spec", "brokerProperties"));
    }

    /// All that the planner looks at.
    ///
    /// @param configuration the Kubernetes object
    /// @param devices all that are on record for it
    /// @param nodes all nodes of the cluster, by name
    /// @param existing the ResourceSlices, DeviceClasses and ResourceClaimTemplates that were made for a
    ///     Configuration of this name
    public record Situation(
            JsonObject configuration, List<Device> devices, Map<String, NodeState> nodes, Existing existing) {
        public Situation {
            devices = List.copyOf(devices);
            nodes = Map.copyOf(nodes);
        }
    }

    /// What is in the cluster.
    public record Existing(List<JsonObject> slices, List<JsonObject> classes, List<JsonObject> templates) {
        public Existing {
            slices = List.copyOf(slices);
            classes = List.copyOf(classes);
            templates = List.copyOf(templates);
        }
    }

    public static ExposurePlan plan(Dialect dialect, Situation situation) {
        return new ExposurePlanner(dialect, situation).plan();
    }

    /// @return what goes with a Configuration that is not there any more
    public static List<JsonObject> leftovers(Existing existing) {
        List<JsonObject> all = new ArrayList<>(existing.slices());
        all.addAll(existing.classes());
        return all;
    }

    private ExposurePlan plan() {
        if (!BrokerClaims.areUsed(situation.configuration())) {
            List<JsonObject> all = leftovers(situation.existing());
            all.addAll(situation.existing().templates());
            return new ExposurePlan(List.of(), Map.of(), all, Map.of());
        }
        Map<String, ExposurePlan.OfDevice> ofDevices = new TreeMap<>();
        SortedMap<String, List<String>> hostsByPool = new TreeMap<>();
        Map<String, SortedMap<String, JsonObject>> contents = new TreeMap<>();
        List<String> usable = new ArrayList<>();
        for (Device device : situation.devices()) {
            if (device.admission() == Admission.APPROVED && device.presence() != Presence.OFFLINE) {
                usable.add(device.name());
                List<String> hosts = hosts(device);
                String pool = ExposureNames.pool(situation.configuration(), hosts);
                List<Integer> offered = hosts.isEmpty() ? List.of() : offered(device, pool);
                ofDevices.put(device.name(), new ExposurePlan.OfDevice(offered.size(), attributes.leftOut(device)));
                if (!offered.isEmpty()) {
                    hostsByPool.put(pool, hosts);
                    SortedMap<String, JsonObject> content = contents.computeIfAbsent(pool, _ -> new TreeMap<>());
                    offered.forEach(slot -> content.put(ExposureNames.slot(device.name(), slot), slot(device, slot)));
                }
            }
        }
        List<JsonObject> wanted = new ArrayList<>();
        List<JsonObject> removals = new ArrayList<>();
        wanted.add(deviceClass());
        planClasses(removals);
        planSlices(hostsByPool, contents, wanted, removals);
        Map<String, JsonObject> templates = BrokerClaims.templates(dialect, situation.configuration(), usable);
        planTemplates(templates, removals);
        return new ExposurePlan(wanted, templates, removals, ofDevices);
    }

    /// The nodes by which the pool is found: those that see the device now, and are there.
    private List<String> hosts(Device device) {
        if (device.presence() != Presence.ONLINE) {
            return List.of();
        }
        return device.nodes().stream()
                .filter(entry -> entry.presence() == Presence.ONLINE)
                .map(NodePresence::node)
                .filter(situation.nodes()::containsKey)
                .map(this::host)
                .sorted()
                .distinct()
                .toList();
    }

    private String host(String node) {
        NodeState state = situation.nodes().get(node);
        return state == null ? node : state.labels().getOrDefault(HOSTNAME, node);
    }

    /// The slots that are held in this pool, and of the others as many as nobody else holds. A holder in
    /// another pool (the device's nodes have changed since), or of an extended resource (the exposure has),
    /// counts against the free ones.
    private static List<Integer> offered(Device device, String pool) {
        Set<String> heldHere = new HashSet<>();
        for (Slot slot : device.slots()) {
            String id = slot.kubeletDeviceId();
            int end = id.indexOf('/');
            String place = end < 0 ? "" : id.substring(end + 1);
            if (slot.resource().equals(ExposureNames.DRIVER) && place.startsWith(pool + "/")) {
                heldHere.add(place.substring(pool.length() + 1));
            }
        }
        int free = device.capacity() - device.slots().size();
        List<Integer> offered = new ArrayList<>();
        for (int slot = 0; slot < device.capacity(); slot++) {
            if (heldHere.contains(ExposureNames.slot(device.name(), slot))) {
                offered.add(slot);
            } else if (free > 0) {
                offered.add(slot);
                free--;
            }
        }
        return offered;
    }

    private JsonObject slot(Device device, int slot) {
        var entry = new JsonObject();
        entry.addProperty("name", ExposureNames.slot(device.name(), slot));
        entry.add("attributes", attributes.of(device, slot));
        return entry;
    }

    private void planSlices(
            SortedMap<String, List<String>> hostsByPool,
            Map<String, SortedMap<String, JsonObject>> contents,
            List<JsonObject> wanted,
            List<JsonObject> removals) {
        Map<String, List<JsonObject>> existing = new TreeMap<>();
        for (JsonObject slice : situation.existing().slices()) {
            existing.computeIfAbsent(Json.text(slice, "spec", "pool", "name"), _ -> new ArrayList<>())
                    .add(slice);
        }
        existing.forEach((pool, slices) -> {
            if (!contents.containsKey(pool)) {
                removals.addAll(slices);
            }
        });
        List<JsonObject> changed = new ArrayList<>();
        contents.forEach((pool, devices) -> {
            var plan = new PoolPlan(
                    pool, hostsByPool.getOrDefault(pool, List.of()), existing.getOrDefault(pool, List.of()));
            PoolPlan.Slices slices = plan.plan(devices);
            removals.addAll(slices.removals());
            slices.slices().forEach((index, slice) -> {
                name(slice, ExposureNames.slice(situation.configuration(), pool, index));
                changed.add(slice);
            });
        });
        // A slot that moves to another pool is taken from the old one first.
        changed.stream().filter(slice -> !isGrowing(slice)).forEach(wanted::add);
        changed.stream().filter(this::isGrowing).forEach(wanted::add);
    }

    private boolean isGrowing(JsonObject slice) {
        Set<String> before = situation.existing().slices().stream()
                .filter(old -> Json.text(old, "metadata", "name").equals(Json.text(slice, "metadata", "name")))
                .flatMap(old -> names(old).stream())
                .collect(Collectors.toSet());
        return !before.containsAll(names(slice));
    }

    private static List<String> names(JsonObject slice) {
        return Json.objects(slice, "spec", "devices").stream()
                .map(device -> Json.text(device, "name"))
                .toList();
    }

    private JsonObject deviceClass() {
        JsonObject configuration = situation.configuration();
        var cel = new JsonObject();
        cel.addProperty(
                "expression",
                "device.driver == '" + ExposureNames.DRIVER + "'"
                        + " && device.attributes['" + ExposureNames.DRIVER + "'].configurationNamespace == '"
                        + Json.text(configuration, "metadata", "namespace") + "'"
                        + " && device.attributes['" + ExposureNames.DRIVER + "'].configuration == '"
                        + Json.text(configuration, "metadata", "name") + "'");
        var selector = new JsonObject();
        selector.add("cel", cel);
        var selectors = new JsonArray();
        selectors.add(selector);
        var deviceClass = new JsonObject();
        deviceClass.addProperty("apiVersion", Resource.DEVICE_CLASS.apiVersion());
        deviceClass.addProperty("kind", Resource.DEVICE_CLASS.kind());
        Json.child(deviceClass, "spec").add("selectors", selectors);
        name(deviceClass, ExposureNames.deviceClass(configuration));
        return deviceClass;
    }

    private void planClasses(List<JsonObject> removals) {
        String name = ExposureNames.deviceClass(situation.configuration());
        situation.existing().classes().stream()
                .filter(one -> !Json.text(one, "metadata", "name").equals(name))
                .forEach(removals::add);
    }

    private void planTemplates(Map<String, JsonObject> templates, List<JsonObject> removals) {
        Set<String> names = new HashSet<>();
        templates.values().forEach(template -> names.add(Json.text(template, "metadata", "name")));
        // Those of devices that are gone follow their Instance.
        for (JsonObject template : situation.existing().templates()) {
            String device = Json.text(template, "metadata", "labels", dialect.instanceLabel());
            boolean isStale = templates.containsKey(device) || templates.isEmpty();
            if (isStale && !names.contains(Json.text(template, "metadata", "name"))) {
                removals.add(template);
            }
        }
    }

    private void name(JsonObject object, String name) {
        JsonObject metadata = Json.child(object, "metadata");
        metadata.addProperty("name", name);
        metadata.add(
                "labels", Json.of(ExposureNames.labels(dialect, situation.configuration(), Resource.of(object), name)));
    }
}
