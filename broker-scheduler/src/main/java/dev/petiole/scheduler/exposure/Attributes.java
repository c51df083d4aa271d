package dev.petiole.scheduler.exposure;

import com.google.gson.JsonObject;
import dev.petiole.api.device.Device;
import dev.petiole.scheduler.kubernetes.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// By which attributes the devices of one Configuration can be selected: the same ones with the same types for
/// all of them, since a CEL expression fails as a whole on an attribute that is not there, or is of another
/// type.
final class Attributes {

    /// A device has at most 32 attributes and capacities (resource/v1, ResourceSlice).
    private static final int MAX_ATTRIBUTES = 32;
    /// The longest C identifier that names an attribute (resource/v1, DeviceMaxIDLength).
    private static final int MAX_NAME = 32;
    /// The longest string value (resource/v1, DeviceAttributeMaxValueLength).
    private static final int MAX_VALUE = 64;

    private static final int HASH_LENGTH = 6;
    private static final Set<String> OWN =
            Set.of("capacity", "configuration", "configurationNamespace", "device", "handler", "shared", "slot");

    private final Map<String, String> common;
    private final Map<String, String> nameByProperty;
    private final Set<String> leftOut;

    private Attributes(Map<String, String> common, Map<String, String> nameByProperty, Set<String> leftOut) {
        this.common = common;
        this.nameByProperty = nameByProperty;
        this.leftOut = leftOut;
    }

    /// @param devices all that are on record for the Configuration, those that are not exposed included, so
    ///     that the set does not change with every device that comes or goes
    /// @param brokerProperties the Configuration's, which win over the devices' own
    static Attributes of(List<Device> devices, Map<String, String> brokerProperties) {
        var properties = new TreeSet<>(brokerProperties.keySet());
        devices.forEach(device -> properties.addAll(device.properties().keySet()));
        Map<String, String> nameByProperty = new TreeMap<>();
        Set<String> leftOut = new TreeSet<>();
        Set<String> taken = new TreeSet<>(OWN);
        for (String property : properties) {
            String name = name(property, taken);
            if (taken.size() < MAX_ATTRIBUTES && taken.add(name)) {
                nameByProperty.put(property, name);
            } else {
                leftOut.add(property);
            }
        }
        return new Attributes(Map.copyOf(brokerProperties), nameByProperty, leftOut);
    }

    /// @return what does not fit into attributes of this device, and why; ordered
    List<String> leftOut(Device device) {
        List<String> reasons = new ArrayList<>();
        valuesOf(device).forEach((property, value) -> {
            if (leftOut.contains(property)) {
                reasons.add(property + " (one of more than " + (MAX_ATTRIBUTES - OWN.size()) + ")");
            } else if (!fits(value)) {
                reasons.add(property + " (longer than " + MAX_VALUE + " characters)");
            }
        });
        return reasons;
    }

    JsonObject of(Device device, int slot) {
        var attributes = new JsonObject();
        putText(attributes, "configurationNamespace", device.configuration().namespace());
        putText(attributes, "configuration", device.configuration().name());
        putText(attributes, "device", device.name());
        putText(attributes, "handler", device.handler());
        var shared = new JsonObject();
        shared.addProperty("bool", device.shared());
        attributes.add("shared", shared);
        putNumber(attributes, "capacity", device.capacity());
        putNumber(attributes, "slot", slot);
        Map<String, String> values = valuesOf(device);
        nameByProperty.forEach((property, name) -> putText(attributes, name, values.getOrDefault(property, "")));
        return attributes;
    }

    private Map<String, String> valuesOf(Device device) {
        var values = new TreeMap<>(device.properties());
        values.putAll(common);
        return values;
    }

    private static void putText(JsonObject attributes, String name, String value) {
        var attribute = new JsonObject();
        attribute.addProperty("string", fits(value) ? value : "");
        attributes.add(name, attribute);
    }

    private static void putNumber(JsonObject attributes, String name, int value) {
        var attribute = new JsonObject();
        attribute.addProperty("int", value);
        attributes.add(name, attribute);
    }

    private static boolean fits(String value) {
        return value.length() <= MAX_VALUE;
    }

    /// The property's own name where it is a C identifier of at most 32 characters that is not taken; otherwise
    /// one that is made of it, with a hash that keeps it from colliding.
    private static String name(String property, Set<String> taken) {
        String legal = property.replaceAll("[^A-Za-z0-9_]", "_");
        if (legal.isEmpty() || Character.isDigit(legal.charAt(0))) {
            legal = "_" + legal;
        }
        if (legal.equals(property) && legal.length() <= MAX_NAME && !taken.contains(legal)) {
            return legal;
        }
        String hash = Json.hash(Json.array(List.of(property))).substring(0, HASH_LENGTH);
        int room = MAX_NAME - HASH_LENGTH - 1;
        return (legal.length() <= room ? legal : legal.substring(0, room)) + "_" + hash;
    }
}
