package dev.petiole.scheduler.dialect;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.HeldSlots.HeldSlot;
import dev.petiole.api.device.Slot;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `akri.sh/v0`: every name, label and field as Akri makes it, so that what was written for Akri works
/// unchanged.
final class AkriDialect implements Dialect {

    private static final String GROUP = ConfigurationKey.AKRI;
    private static final String VERSION = "v0";
    private static final String CONFIGURATION_LABEL = GROUP + "/configuration";
    private static final String INSTANCE_LABEL = GROUP + "/instance";
    private static final String CONTROLLER_LABEL = "controller";
    private static final String APP_LABEL = "app";
    private static final List<String> SPEC_FIELDS = List.of(
            "discoveryHandler",
            "capacity",
            "brokerSpec",
            "instanceServiceSpec",
            "configurationServiceSpec",
            "brokerProperties");
    private static final int HASH_LENGTH = 6;
    private static final int MAX_LABEL = 63;
    private static final int SLOTS_PER_DEVICE = 1_000;
    private static final int HEXADECIMAL = 16;
    private static final Pattern POD_NAME = Pattern.compile(".+-([0-9a-f]{" + HASH_LENGTH + "})-pod");
    private static final Pattern DEVICE_NAME = Pattern.compile("(.+)-([0-9a-f]{" + HASH_LENGTH + "})");

    private static final Pattern SLOT = Pattern.compile("(.+)-([0-9]{1,4})");
    private static final Pattern USAGE_OF_CONFIGURATION = Pattern.compile("C:([^:]+):([^:]+)");
    private static final Set<String> KUBERNETES_FINALIZERS = Set.of("foregroundDeletion", "orphan", "kubernetes");
    private static final String CONTROLLERS_MANAGER = "unknown";
    private static final String DEVICE_PLUGINS_MANAGER = "dp-";

    private final Resource configurations = Resource.configurations(GROUP, VERSION);
    private final Resource instances = Resource.instances(GROUP, VERSION);

    @Override
    public Resource configurations() {
        return configurations;
    }

    @Override
    public Resource instances() {
        return instances;
    }

    @Override
    public JsonObject shownSpec(JsonObject spec) {
        var shown = new JsonObject();
        SPEC_FIELDS.stream().filter(spec::has).forEach(field -> shown.add(field, spec.get(field)));
        return shown;
    }

    @Override
    public boolean isNameForWholeCluster() {
        return true;
    }

    @Override
    public Map<String, String> childLabels() {
        return Map.of(CONTROLLER_LABEL, GROUP);
    }

    /// Akri's Instances have no labels, and the Service of a device does not name the Configuration.
    @Override
    public String configurationOf(JsonObject object) {
        String named = Json.text(object, "spec", "configurationName");
        String labelled = named.isEmpty() ? Json.text(object, "metadata", "labels", CONFIGURATION_LABEL) : named;
        if (!labelled.isEmpty()) {
            return labelled;
        }
        Matcher device = DEVICE_NAME.matcher(Json.text(object, "metadata", "labels", INSTANCE_LABEL));
        return device.matches() ? device.group(1) : "";
    }

    @Override
    public String instanceLabel() {
        return INSTANCE_LABEL;
    }

    @Override
    public String targetNodeLabel() {
        return GROUP + "/target-node";
    }

    @Override
    public String targetNode(String node) {
        return label(node);
    }

    /// What Akri itself made bears no hash, and is taken for what the Configuration asks for.
    @Override
    public boolean isMadeFrom(String hash, String current) {
        return hash.isEmpty() || hash.equals(current);
    }

    @Override
    public String resource(String namespace, String device) {
        return GROUP + "/" + device;
    }

    @Override
    public String podName(Device device, String node) {
        return device.shared() ? node + "-" + dashed(device.name()) + "-pod" : device.name() + "-pod";
    }

    @Override
    public String deviceOfPod(String configuration, String podName) {
        Matcher name = POD_NAME.matcher(podName);
        return name.matches() ? configuration + "-" + name.group(1) : "";
    }

    @Override
    public String serviceName(String owner) {
        return dashed(owner) + "-svc";
    }

    @Override
    public Map<String, String> instanceLabels(String configuration) {
        return Map.of();
    }

    @Override
    public Map<String, String> labels(Child child) {
        boolean isOfDevice = child.device() != null;
        Map<String, String> labels = new TreeMap<>();
        labels.put(APP_LABEL, label(child.name()));
        labels.put(CONTROLLER_LABEL, GROUP);
        if (isOfDevice && child.resource().equals(Resource.SERVICE)) {
            labels.put(INSTANCE_LABEL, label(String.valueOf(child.device())));
        } else {
            labels.putAll(podTemplateLabels(child.configuration(), child.device()));
        }
        return labels;
    }

    @Override
    public Map<String, String> podTemplateLabels(String configuration, @Nullable String device) {
        Map<String, String> labels = new TreeMap<>();
        labels.put(CONFIGURATION_LABEL, label(configuration));
        if (device != null) {
            labels.put(INSTANCE_LABEL, label(device));
        }
        return labels;
    }

    @Override
    public Map<String, String> serviceSelector(String configuration, @Nullable String device) {
        Map<String, String> selector = new TreeMap<>();
        selector.put(CONTROLLER_LABEL, GROUP);
        selector.put(
                device == null ? CONFIGURATION_LABEL : INSTANCE_LABEL, label(device == null ? configuration : device));
        return selector;
    }

    @Override
    public JsonObject instanceSpec(Device device) {
        String configuration = device.configuration().name();
        var usage = new JsonObject();
        for (Slot slot : device.slots()) {
            usage.addProperty(device.name() + "-" + slot.index(), usage(device, slot));
        }
        var spec = new JsonObject();
        spec.addProperty("cdiName", GROUP + "/" + configuration + "=" + hash(device));
        spec.add("deviceUsage", usage);
        return spec;
    }

    /// One on each node that sees the device; those that get no slot are pending, ready to take over.
    @Override
    public int maxBrokers(Device device) {
        return Math.max(device.capacity(), device.nodes().size());
    }

    @Override
    public boolean blocksOwnerDeletion(JsonObject object) {
        return !instances.isOf(object);
    }

    /// Akri's are bare names of nodes. Kubernetes' own are bare, too.
    @Override
    public List<String> formerFinalizers(JsonObject object) {
        return Json.strings(object, "metadata", "finalizers").stream()
                .filter(finalizer -> !finalizer.contains("/") && !KUBERNETES_FINALIZERS.contains(finalizer))
                .toList();
    }

    /// Akri's agents apply, each under names made from its node's; its controller patches without a name.
    @Override
    public boolean isFormerOwner(JsonObject entry) {
        String manager = Json.text(entry, "manager");
        boolean isAgent = Json.text(entry, "operation").equals("Apply") && !manager.equals(ApiServer.FIELD_MANAGER);
        return Json.text(entry, "subresource").isEmpty() && (isAgent || manager.equals(CONTROLLERS_MANAGER));
    }

    @Override
    public List<HeldSlot> heldSlots(JsonObject instance) {
        String device = Json.text(instance, "metadata", "name");
        String configuration = Json.text(instance, "spec", "configurationName");
        List<HeldSlot> held = new ArrayList<>();
        Json.texts(instance, "spec", "deviceUsage").forEach((slot, usage) -> {
            Matcher index = SLOT.matcher(slot);
            if (!index.matches() || !index.group(1).equals(device) || usage.isEmpty()) {
                return;
            }
            int number = Integer.parseInt(index.group(2));
            Matcher ofConfiguration = USAGE_OF_CONFIGURATION.matcher(usage);
            held.add(
                    ofConfiguration.matches()
                            ? new HeldSlot(
                                    device,
                                    number,
                                    ofConfiguration.group(2),
                                    resource("", configuration),
                                    ofConfiguration.group(1))
                            : new HeldSlot(device, number, usage, resource("", device), slot));
        });
        return held;
    }

    @Override
    public Map<String, JsonObject> formerOwnersFields(JsonObject instance) {
        Map<String, JsonObject> fields = new TreeMap<>();
        for (String node : Json.strings(instance, "spec", "nodes")) {
            fields.put(node, fieldsOfAgent(instance, node));
        }
        for (HeldSlot slot : heldSlots(instance)) {
            JsonObject usage = Json.child(
                    Json.child(
                            fields.computeIfAbsent(DEVICE_PLUGINS_MANAGER + slot.node(), _ -> new JsonObject()),
                            "f:spec"),
                    "f:deviceUsage");
            usage.add("f:" + slot.device() + "-" + slot.index(), new JsonObject());
        }
        return fields;
    }

    private static JsonObject fieldsOfAgent(JsonObject instance, String node) {
        var spec = new JsonObject();
        for (String field : List.of("configurationName", "cdiName", "capacity", "shared")) {
            spec.add("f:" + field, new JsonObject());
        }
        JsonObject properties = Json.child(spec, "f:brokerProperties");
        Json.object(instance, "spec", "brokerProperties")
                .keySet()
                .forEach(name -> properties.add("f:" + name, new JsonObject()));
        Json.child(spec, "f:nodes").add("v:" + new JsonPrimitive(node), new JsonObject());
        var metadata = new JsonObject();
        JsonObject owners = Json.child(metadata, "f:ownerReferences");
        for (JsonObject owner : Json.objects(instance, "metadata", "ownerReferences")) {
            var key = new JsonObject();
            key.addProperty("uid", Json.text(owner, "uid"));
            owners.add("k:" + key, new JsonObject());
        }
        var fields = new JsonObject();
        fields.add("f:metadata", metadata);
        fields.add("f:spec", spec);
        return fields;
    }

    /// `<node>` if the slot was got by the device's own resource, `C:<configuration>-<n>:<node>` if by that
    /// of the Configuration. There `n` tells the node's users of the Configuration apart.
    private String usage(Device device, Slot slot) {
        String configuration = device.configuration().name();
        if (!slot.resource().equals(resource("", configuration))) {
            return slot.node();
        }
        boolean isFromAkri = slot.kubeletDeviceId().matches(Pattern.quote(configuration) + "-[0-9]+");
        long number = Long.parseLong(hash(device), HEXADECIMAL) * SLOTS_PER_DEVICE + slot.index();
        return "C:" + (isFromAkri ? slot.kubeletDeviceId() : configuration + "-" + number) + ":" + slot.node();
    }

    private static String hash(Device device) {
        return device.name().substring(device.configuration().name().length() + 1);
    }

    private static String dashed(String name) {
        return name.replace('.', '-');
    }

    /// Akri makes labels that Kubernetes refuses when a node's name is long.
    private static String label(String value) {
        if (value.length() <= MAX_LABEL) {
            return value;
        }
        String hash = Integer.toHexString(value.hashCode());
        return value.substring(0, MAX_LABEL - hash.length() - 1) + "-" + hash;
    }
}
