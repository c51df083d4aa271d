package dev.petiole.scheduler.exposure;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The names and labels of what is made for the devices of one Configuration. Discovery services read pools and
/// slots by their names.
public final class ExposureNames {

    /// The driver of all our devices, and the domain of their attributes.
    public static final String DRIVER = "petiole.dev";

    private static final String NAMESPACE_LABEL = "petiole.dev/configuration-namespace";
    private static final String UID_LABEL = "petiole.dev/configuration-uid";
    private static final int HASH_LENGTH = 8;

    private ExposureNames() {}

    /// @return the Configuration for which a cluster-scoped object was made; empty if it is of another group
    public static Optional<ConfigurationKey> findOwner(Dialect dialect, JsonObject object) {
        String namespace = Json.text(object, "metadata", "labels", NAMESPACE_LABEL);
        String name = dialect.configurationOf(object);
        return namespace.isEmpty() || name.isEmpty()
                ? Optional.empty()
                : Optional.of(new ConfigurationKey(dialect.group(), namespace, name));
    }

    static Map<String, String> labels(Dialect dialect, JsonObject configuration, Resource resource, String name) {
        var child = new Dialect.Child(resource, name, Json.text(configuration, "metadata", "name"), null);
        Map<String, String> labels = new TreeMap<>(dialect.labels(child));
        labels.put(NAMESPACE_LABEL, Json.text(configuration, "metadata", "namespace"));
        labels.put(UID_LABEL, Json.text(configuration, "metadata", "uid"));
        return labels;
    }

    static String deviceClass(JsonObject configuration) {
        return Json.text(configuration, "metadata", "namespace") + "." + Json.text(configuration, "metadata", "name");
    }

    /// @param hosts the nodes of the pool by their label `kubernetes.io/hostname`, ordered
    static String pool(JsonObject configuration, List<String> hosts) {
        return Json.text(configuration, "metadata", "namespace")
                + "/" + Json.text(configuration, "metadata", "name")
                + "/" + Json.hash(Json.array(hosts)).substring(0, HASH_LENGTH);
    }

    static String slice(JsonObject configuration, String pool, int index) {
        return deviceClass(configuration) + "-" + pool.substring(pool.lastIndexOf('/') + 1) + "-" + index;
    }

    static String slot(String device, int index) {
        return device + "-" + index;
    }
}
