package dev.petiole.scheduler.consumer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.Json;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which namespaces may ask for whose devices. Pure.
///
/// The key is `<namespace>.<configuration>`, the value are the other namespaces, separated by commas. A device has the
/// name of its Configuration and eleven more characters, so its Configuration's entry is found without knowing the
/// device. An entry that says nobody is there where its absence would be misread.
final class ConsumerList {

    private static final Pattern LIKE_A_DEVICE = Pattern.compile(".+-[a-z2-7]{10}");

    private ConsumerList() {}

    static Map<String, String> of(Collection<JsonObject> configurations) {
        Map<String, String> entries = new TreeMap<>();
        for (JsonObject configuration : configurations) {
            String name = Json.text(configuration, "metadata", "name");
            String consumers = consumers(configuration);
            // A claim names a DeviceClass, which may be another vendor's unless it is known to be ours.
            boolean hasClass = Json.text(configuration, "spec", "exposure").equals("ResourceClaim");
            if (!consumers.isEmpty() || hasClass || LIKE_A_DEVICE.matcher(name).matches()) {
                entries.put(Json.text(configuration, "metadata", "namespace") + "." + name, consumers);
            }
        }
        return entries;
    }

    private static String consumers(JsonObject configuration) {
        JsonElement namespaces = Json.at(configuration, "spec", "consumers", "namespaces");
        return namespaces == null || !namespaces.isJsonArray()
                ? ""
                : namespaces.getAsJsonArray().asList().stream()
                        .map(JsonElement::getAsString)
                        .sorted()
                        .collect(Collectors.joining(","));
    }
}
