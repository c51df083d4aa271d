package dev.petiole.scheduler.consumer;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.Json;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Which namespaces may ask for whose devices. Pure.
///
/// The key is `<namespace>.<configuration>`, the value are the other namespaces in order. A device has the
/// name of its Configuration and eleven more characters, so its Configuration's entry is found without knowing the
/// device. An entry that says nobody is there where its absence would be misread.
final class ConsumerList {

    private static final Pattern LIKE_A_DEVICE = Pattern.compile(".+-[a-z2-7]{10}");

    private ConsumerList() {}

    static Map<String, List<String>> of(Collection<JsonObject> configurations) {
        Map<String, List<String>> entries = new TreeMap<>();
        for (JsonObject configuration : configurations) {
            String name = Json.text(configuration, "metadata", "name");
            List<String> consumers = consumers(configuration);
            // A claim names a DeviceClass, which may be another vendor's unless it is known to be ours.
            boolean hasClass = Json.text(configuration, "spec", "exposure").equals("ResourceClaim");
            if (!consumers.isEmpty() || hasClass || LIKE_A_DEVICE.matcher(name).matches()) {
                entries.put(Json.text(configuration, "metadata", "namespace") + "." + name, consumers);
            }
        }
        return entries;
    }

    private static List<String> consumers(JsonObject configuration) {
        return Json.strings(configuration, "spec", "consumers", "namespaces").stream()
                .sorted()
                .toList();
    }
}
