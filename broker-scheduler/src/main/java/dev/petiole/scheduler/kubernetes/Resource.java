package dev.petiole.scheduler.kubernetes;

import com.google.gson.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A resource of the Kubernetes API that the scheduler reads or writes.
///
/// @param group empty for the core group
/// @param plural the resource's name in paths
public record Resource(String group, String version, String plural, String kind) {

    public static final Resource POD = new Resource("", "v1", "pods", "Pod");
    public static final Resource SERVICE = new Resource("", "v1", "services", "Service");
    public static final Resource CONFIG_MAP = new Resource("", "v1", "configmaps", "ConfigMap");
    public static final Resource JOB = new Resource("batch", "v1", "jobs", "Job");
    public static final Resource CRON_JOB = new Resource("batch", "v1", "cronjobs", "CronJob");
    public static final Resource DEPLOYMENT = new Resource("apps", "v1", "deployments", "Deployment");
    public static final Resource STATEFUL_SET = new Resource("apps", "v1", "statefulsets", "StatefulSet");
    public static final Resource DAEMON_SET = new Resource("apps", "v1", "daemonsets", "DaemonSet");
    public static final Resource LEASE = new Resource("coordination.k8s.io", "v1", "leases", "Lease");
    public static final Resource NAMESPACE = new Resource("", "v1", "namespaces", "Namespace");
    public static final Resource NODE = new Resource("", "v1", "nodes", "Node");
    public static final Resource DEVICE_CLASS = new Resource("resource.k8s.io", "v1", "deviceclasses", "DeviceClass");
    public static final Resource RESOURCE_SLICE =
            new Resource("resource.k8s.io", "v1", "resourceslices", "ResourceSlice");
    public static final Resource RESOURCE_CLAIM_TEMPLATE =
            new Resource("resource.k8s.io", "v1", "resourceclaimtemplates", "ResourceClaimTemplate");

    /// What the chart's admission policies are told.
    public static final Resource DEVICE_CONSUMERS =
            new Resource("petiole.dev", "v1alpha1", "deviceconsumers", "DeviceConsumers");

    /// What a cluster has if it has Dynamic Resource Allocation.
    public static final List<Resource> DYNAMIC = List.of(DEVICE_CLASS, RESOURCE_SLICE, RESOURCE_CLAIM_TEMPLATE);

    /// What Petiole makes for a device or a Configuration out of the templates that it knows, ordered by kind.
    public static final List<Resource> WORKLOADS = List.of(CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, STATEFUL_SET);

    /// Those whose spec has a selector of the Pods that they make.
    public static final Set<Resource> SELECTING = Set.of(DEPLOYMENT, STATEFUL_SET, DAEMON_SET);

    /// All that is made for devices and Configurations and is found in every cluster.
    public static final List<Resource> CHILDREN =
            List.of(POD, SERVICE, CONFIG_MAP, JOB, CRON_JOB, DEPLOYMENT, STATEFUL_SET, DAEMON_SET);

    private static final List<Resource> KNOWN =
            Stream.of(CHILDREN, List.of(NODE), DYNAMIC).flatMap(List::stream).toList();

    private static final String CONFIGURATION_KIND = "Configuration";
    private static final String INSTANCE_KIND = "Instance";

    /// @return the Configurations of this API group
    public static Resource configurations(String group, String version) {
        return new Resource(group, version, "configurations", CONFIGURATION_KIND);
    }

    /// @return the Instances of this API group
    public static Resource instances(String group, String version) {
        return new Resource(group, version, "instances", INSTANCE_KIND);
    }

    /// @return the resource of this object: Configurations, Instances, one of those that every cluster has, or of
    ///     Dynamic Resource Allocation
    public static Resource of(JsonObject object) {
        String apiVersion = Json.text(object, "apiVersion");
        String kind = Json.text(object, "kind");
        int slash = apiVersion.indexOf('/');
        if (slash > 0 && kind.equals(CONFIGURATION_KIND)) {
            return configurations(apiVersion.substring(0, slash), apiVersion.substring(slash + 1));
        }
        if (slash > 0 && kind.equals(INSTANCE_KIND)) {
            return instances(apiVersion.substring(0, slash), apiVersion.substring(slash + 1));
        }
        for (Resource resource : KNOWN) {
            if (resource.kind.equals(kind) && resource.apiVersion().equals(apiVersion)) {
                return resource;
            }
        }
        throw new IllegalArgumentException("object: " + apiVersion + " " + kind + " (expected: a known resource)");
    }

    public static boolean isInstance(JsonObject object) {
        return Json.text(object, "kind").equals(INSTANCE_KIND);
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /// @return whether the object is one of this resource
    public boolean isOf(JsonObject object) {
        return kind.equals(Json.text(object, "kind")) && apiVersion().equals(Json.text(object, "apiVersion"));
    }

    /// @return the path below the API server's address where the group and version tell what they have
    String groupPath() {
        return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    }

    /// @return the path of all objects, or of those in a namespace, below the API server's address
    String path(@Nullable String namespace) {
        return groupPath() + (namespace == null ? "" : "/namespaces/" + encode(namespace)) + "/" + plural;
    }

    /// @return the path of one object below the API server's address
    String path(@Nullable String namespace, String name) {
        return path(namespace) + "/" + encode(name);
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8);
    }
}
