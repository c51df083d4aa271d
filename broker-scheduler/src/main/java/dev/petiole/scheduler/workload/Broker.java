package dev.petiole.scheduler.workload;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// What kind of broker a Configuration asks for.
sealed interface Broker {

    /// No broker.
    record None() implements Broker {}

    /// A Pod for each device and node, up to the capacity.
    record Pods(JsonObject podSpec) implements Broker {}

    /// A Job for each device and generation.
    record Jobs(JsonObject jobSpec) implements Broker {}

    /// An object whose Pods Kubernetes itself makes and places.
    ///
    /// @param spec the object's
    /// @param isPerDevice whether each device has one, or all have one together
    record Workload(Resource resource, JsonObject spec, boolean isPerDevice) implements Broker {}

    /// A Deployment of one Pod for up to so many devices.
    record Pool(int devicesPerBroker, JsonObject podSpec) implements Broker {}

    /// An object of whatever kind the installation allows.
    record Other(Resource resource, JsonObject object, boolean isPerDevice) implements Broker {}

    /// A kind that the installation does not allow, or that the cluster does not have.
    record Unavailable(String message) implements Broker {}

    Map<String, Resource> WORKLOADS = Map.of(
            "brokerCronJobSpec", Resource.CRON_JOB,
            "brokerDeploymentSpec", Resource.DEPLOYMENT,
            "brokerStatefulSetSpec", Resource.STATEFUL_SET,
            "brokerDaemonSetSpec", Resource.DAEMON_SET);

    /// A field that is null, which the schema of akri.sh allows, is as good as absent.
    ///
    /// @param brokerSpec that of a Configuration, empty if it has none
    /// @param others what the installation allows and the cluster has
    static Broker of(JsonObject brokerSpec, Collection<Resource> others) {
        if (Json.at(brokerSpec, "brokerPodSpec") != null) {
            return new Pods(Json.object(brokerSpec, "brokerPodSpec"));
        }
        if (Json.at(brokerSpec, "brokerJobSpec") != null) {
            return new Jobs(Json.object(brokerSpec, "brokerJobSpec"));
        }
        if (Json.at(brokerSpec, "brokerPool") != null) {
            return new Pool(
                    (int) Math.max(1, Json.number(brokerSpec, "brokerPool", "devicesPerBroker")),
                    Json.object(brokerSpec, "brokerPool", "podSpec"));
        }
        boolean isPerDevice = !Json.text(brokerSpec, "per").equals("Configuration");
        if (Json.at(brokerSpec, "brokerTemplate") != null) {
            return other(Json.object(brokerSpec, "brokerTemplate"), isPerDevice, others);
        }
        return WORKLOADS.entrySet().stream()
                .filter(entry -> Json.at(brokerSpec, entry.getKey()) != null)
                .findFirst()
                .<Broker>map(
                        entry -> new Workload(entry.getValue(), Json.object(brokerSpec, entry.getKey()), isPerDevice))
                .orElseGet(None::new);
    }

    private static Broker other(JsonObject template, boolean isPerDevice, Collection<Resource> others) {
        String group = Json.text(template, "group");
        String version = Json.text(template, "version");
        String plural = Json.text(template, "resource");
        Optional<Resource> allowed = others.stream()
                .filter(resource -> resource.group().equals(group)
                        && resource.version().equals(version)
                        && resource.plural().equals(plural))
                .findFirst();
        if (allowed.isEmpty()) {
            return new Unavailable("brokerSpec.brokerTemplate: " + plural + "." + version + "." + group
                    + " is not allowed here, or the cluster does not have it (expected: one of the chart's value"
                    + " scheduler.templates)");
        }
        JsonObject object = Json.object(template, "object");
        String kind = Json.text(object, "kind");
        if (!kind.isEmpty() && !kind.equals(allowed.get().kind())) {
            return new Unavailable("brokerSpec.brokerTemplate.object.kind: " + kind + " (expected: "
                    + allowed.get().kind() + ", the kind of " + plural + "." + group + ")");
        }
        String namespace = Json.text(object, "metadata", "namespace");
        return namespace.isEmpty()
                ? new Other(allowed.get(), object, isPerDevice)
                : new Unavailable("brokerSpec.brokerTemplate.object.metadata.namespace: " + namespace
                        + " (expected: none, since brokers live in their Configuration's namespace)");
    }
}
