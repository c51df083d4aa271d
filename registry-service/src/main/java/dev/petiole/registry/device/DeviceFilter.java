package dev.petiole.registry.device;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a reader of devices wants to see; null lets everything through.
///
/// @param node only devices that this node has reported
record DeviceFilter(
        @Nullable String group,
        @Nullable String namespace,
        @Nullable String configuration,
        @Nullable String node) {

    boolean matches(DeviceRecord device) {
        DeviceKey key = device.key();
        return (group == null || group.equals(key.group()))
                && (namespace == null || namespace.equals(key.namespace()))
                && (configuration == null
                        || configuration.equals(device.configuration().name()))
                && (node == null || device.findSighting(node).isPresent());
    }

    /// @return what is not null, by the name it has in queries
    Map<String, String> parameters() {
        Map<String, String> parameters = new HashMap<>();
        put(parameters, "onlyGroup", group);
        put(parameters, "onlyNamespace", namespace);
        put(parameters, "onlyConfiguration", configuration);
        put(parameters, "node", node);
        return parameters;
    }

    private static void put(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }
}
