package dev.petiole.scheduler.kubernetes;

import com.google.gson.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The resources of the Kubernetes API that the scheduler reads or writes.
public enum Resource {
    CONFIGURATION("petiole.dev", "v1alpha1", "configurations", "Configuration"),
    INSTANCE("petiole.dev", "v1alpha1", "instances", "Instance"),
    POD("", "v1", "pods", "Pod"),
    SERVICE("", "v1", "services", "Service"),
    JOB("batch", "v1", "jobs", "Job"),
    NODE("", "v1", "nodes", "Node");

    private final String group;
    private final String version;
    private final String plural;
    private final String kind;

    Resource(String group, String version, String plural, String kind) {
        this.group = group;
        this.version = version;
        this.plural = plural;
        this.kind = kind;
    }

    /// @return the resource of this object
    public static Resource of(JsonObject object) {
        String apiVersion = Json.text(object, "apiVersion");
        String kind = Json.text(object, "kind");
        for (Resource resource : values()) {
            if (resource.kind.equals(kind) && resource.apiVersion().equals(apiVersion)) {
                return resource;
            }
        }
        throw new IllegalArgumentException("object: " + apiVersion + " " + kind + " (expected: a known resource)");
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    public String kind() {
        return kind;
    }

    String group() {
        return group;
    }

    String version() {
        return version;
    }

    String plural() {
        return plural;
    }

    /// @return the path of one object below the API server's address
    String path(@Nullable String namespace, String name) {
        return (group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version)
                + (namespace == null ? "" : "/namespaces/" + encode(namespace))
                + "/" + plural + "/" + encode(name);
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8);
    }
}
