package dev.petiole.scheduler.exposure;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The ResourceClaims of brokers: each broker has one made for it from a template of its device, which goes
/// with it. Where a broker template has the placeholder in a container's resources, that container gets the
/// claim.
public final class BrokerClaims {

    private static final String CLAIM = "petiole-device";
    private static final String REQUEST = "device";

    private BrokerClaims() {}

    /// @return whether the devices of this Configuration are claimed, rather than asked for as extended
    ///     resources
    public static boolean areUsed(JsonObject configuration) {
        return Json.text(configuration, "spec", "exposure").equals("ResourceClaim");
    }

    /// Turns the placeholder into a claim of the device's slots.
    ///
    /// @param brokerSpec the broker as the user wrote it, which tells how many slots are asked for
    /// @param podSpec of the broker; is changed
    /// @param owner the device or, for any device of it, the Configuration
    public static void give(JsonObject brokerSpec, JsonObject podSpec, String owner) {
        boolean isUsed = false;
        for (String containers : List.of("containers", "initContainers")) {
            for (JsonObject container : Json.objects(podSpec, containers)) {
                if (takePlaceholder(container)) {
                    add(Json.child(container, "resources"), "claims", named(CLAIM));
                    isUsed = true;
                }
            }
        }
        if (isUsed) {
            JsonObject claim = named(CLAIM);
            claim.addProperty("resourceClaimTemplateName", templateName(owner, count(brokerSpec)));
            add(podSpec, "resourceClaims", claim);
        }
    }

    /// @return by device the template of its claims, and by the empty name that of any device's, without owners;
    ///     none if
    ///     the broker asks for no device
    static Map<String, JsonObject> templates(Dialect dialect, JsonObject configuration, List<String> devices) {
        int count = count(Json.object(configuration, "spec", "brokerSpec"));
        Map<String, JsonObject> templates = new TreeMap<>();
        if (count > 0) {
            devices.forEach(device -> templates.put(device, template(dialect, configuration, device, count)));
            if (hasCommonBrokers(configuration)) {
                templates.put("", template(dialect, configuration, null, count));
            }
        }
        return templates;
    }

    /// Pods and Jobs are for one device each; whatever else there is may be for any of them.
    private static boolean hasCommonBrokers(JsonObject configuration) {
        return Json.object(configuration, "spec", "brokerSpec").keySet().stream()
                .anyMatch(kind -> !kind.equals("brokerPodSpec") && !kind.equals("brokerJobSpec"));
    }

    /// @param device null for any device of the Configuration
    private static JsonObject template(Dialect dialect, JsonObject configuration, @Nullable String device, int count) {
        var exactly = new JsonObject();
        exactly.addProperty("deviceClassName", ExposureNames.deviceClass(configuration));
        exactly.addProperty("allocationMode", "ExactCount");
        exactly.addProperty("count", count);
        if (device != null) {
            exactly.add("selectors", selecting(device));
        }
        JsonObject request = named(REQUEST);
        request.add("exactly", exactly);

        var template = new JsonObject();
        template.addProperty("apiVersion", Resource.RESOURCE_CLAIM_TEMPLATE.apiVersion());
        template.addProperty("kind", Resource.RESOURCE_CLAIM_TEMPLATE.kind());
        JsonObject metadata = Json.child(template, "metadata");
        metadata.addProperty("namespace", Json.text(configuration, "metadata", "namespace"));
        String configurationName = Json.text(configuration, "metadata", "name");
        String name = templateName(device == null ? configurationName : device, count);
        metadata.addProperty("name", name);
        metadata.add(
                "labels",
                Json.of(dialect.labels(
                        new Dialect.Child(Resource.RESOURCE_CLAIM_TEMPLATE, name, configurationName, device))));
        JsonObject spec = Json.child(template, "spec");
        Json.child(spec, "metadata").add("labels", Json.of(dialect.podTemplateLabels(configurationName, device)));
        add(Json.child(Json.child(spec, "spec"), "devices"), "requests", request);
        return template;
    }

    private static JsonArray selecting(String device) {
        var cel = new JsonObject();
        cel.addProperty("expression", "device.attributes['" + ExposureNames.DRIVER + "'].device == '" + device + "'");
        var selector = new JsonObject();
        selector.add("cel", cel);
        var selectors = new JsonArray();
        selectors.add(selector);
        return selectors;
    }

    /// A template can't be changed, so whatever may differ is in its name.
    private static String templateName(String device, int count) {
        return count == 1 ? device : device + "-x" + count;
    }

    /// @return the largest quantity of the placeholder anywhere in the broker; 0 if there is none
    private static int count(JsonElement tree) {
        int largest = 0;
        if (tree.isJsonArray()) {
            for (JsonElement element : tree.getAsJsonArray()) {
                largest = Math.max(largest, count(element));
            }
        } else if (tree.isJsonObject()) {
            for (Map.Entry<String, JsonElement> entry : tree.getAsJsonObject().entrySet()) {
                largest = Math.max(
                        largest,
                        entry.getKey().equals(Dialect.PLACEHOLDER)
                                ? quantity(entry.getValue())
                                : count(entry.getValue()));
            }
        }
        return largest;
    }

    /// Anything but a number is one slot; the claim shows it, and nobody gets more than was meant.
    private static int quantity(JsonElement quantity) {
        String text = quantity.isJsonPrimitive() ? quantity.getAsString() : "";
        return text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : 1;
    }

    private static boolean takePlaceholder(JsonObject container) {
        boolean isThere = false;
        for (String amounts : List.of("requests", "limits")) {
            isThere |= Json.object(container, "resources", amounts).remove(Dialect.PLACEHOLDER) != null;
        }
        return isThere;
    }

    private static JsonObject named(String name) {
        var object = new JsonObject();
        object.addProperty("name", name);
        return object;
    }

    private static void add(JsonObject parent, String key, JsonObject element) {
        JsonElement found = parent.get(key);
        JsonArray array = found != null && found.isJsonArray() ? found.getAsJsonArray() : new JsonArray();
        array.add(element);
        parent.add(key, array);
    }
}
