package dev.petiole.scheduler.workload;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.exposure.BrokerClaims;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.template.Filling;
import dev.petiole.scheduler.template.Values;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes objects from the templates in a Configuration.
final class Templates {

    private static final List<String> PATH_TO_POD_SPEC = List.of("jobTemplate", "spec", "template", "spec");

    private final Dialect dialect;
    private final String configuration;
    private final String namespace;
    private final long generation;
    private final JsonObject spec;
    private final boolean hasClaims;
    // Asked for several times for each broker, and of thousands of brokers most of what a look costs.
    private final Map<List<String>, String> podHashes = new HashMap<>();

    Templates(Dialect dialect, JsonObject configuration) {
        this.dialect = dialect;
        this.configuration = Json.text(configuration, "metadata", "name");
        this.namespace = Json.text(configuration, "metadata", "namespace");
        this.generation = Json.number(configuration, "metadata", "generation");
        this.spec = Json.object(configuration, "spec");
        this.hasClaims = BrokerClaims.areUsed(configuration);
    }

    String configurationName() {
        return configuration;
    }

    JsonObject brokerSpec() {
        return Json.object(spec, "brokerSpec");
    }

    Wanted.Owner ownerOf(@Nullable Device device) {
        return device == null
                ? new Wanted.Owner(dialect.configurations(), configuration)
                : new Wanted.Owner(dialect.instances(), device.name());
    }

    /// @return a hash of all that the user has written which a running Pod can't take up: what Petiole adds may change
    ///     with its version, and must not have brokers replaced
    String podHash(Device device, JsonObject podSpec, String node) {
        return podHashes.computeIfAbsent(List.of(device.name(), node), _ -> computePodHash(device, podSpec, node));
    }

    private String computePodHash(Device device, JsonObject podSpec, String node) {
        var made = new JsonObject();
        made.add("spec", Filling.podTemplate(podSpec, values(device, node)));
        Map<String, String> properties = Json.texts(spec, "brokerProperties");
        if (!properties.isEmpty()) {
            made.add("brokerProperties", Json.of(properties));
        }
        if (hasClaims) {
            // Another way to get the device is another broker.
            made.addProperty("exposure", "ResourceClaim");
        }
        return Json.hash(made);
    }

    JsonObject pod(Device device, JsonObject template, String node) {
        JsonObject podSpec = Filling.podTemplate(template, values(device, node));
        giveDevice(podSpec, device.name());
        bindTo(podSpec, List.of(node));
        if (!podSpec.has("restartPolicy")) {
            podSpec.addProperty("restartPolicy", "Always");
        }
        JsonObject pod = object(Resource.POD, dialect.podName(device, node), device);
        Json.object(pod, "metadata", "labels").addProperty(dialect.targetNodeLabel(), dialect.targetNode(node));
        annotate(pod, podHash(device, template, node));
        pod.add("spec", podSpec);
        return pod;
    }

    String jobName(Device device) {
        return dialect.jobName(device.name(), generation);
    }

    JsonObject job(Device device, JsonObject template) {
        JsonObject job = object(Resource.JOB, jobName(device), device);
        annotate(job, Json.hash(template));
        job.add("spec", withPods(Resource.JOB, Filling.podTemplate(template, values(device, null)), device));
        return job;
    }

    /// @param device null if the object is for all devices of the Configuration
    JsonObject workload(Broker.Workload broker, @Nullable Device device) {
        JsonObject filled = Filling.podTemplate(broker.spec(), values(device, null));
        JsonObject workload = object(broker.resource(), nameOf(device), device);
        annotate(workload, Json.hash(broker.spec()));
        workload.add("spec", withPods(broker.resource(), filled, device));
        return workload;
    }

    /// @param device null if the object is for all devices of the Configuration
    JsonObject other(Broker.Other broker, @Nullable Device device) {
        JsonObject filled = Filling.object(broker.object(), values(device, null));
        JsonObject named = object(broker.resource(), nameOf(device), device);
        JsonObject metadata = Json.object(named, "metadata");
        Json.texts(filled, "metadata", "labels").forEach((key, value) -> {
            JsonObject labels = Json.child(metadata, "labels");
            if (!labels.has(key)) {
                labels.addProperty(key, value);
            }
        });
        Json.texts(filled, "metadata", "annotations").forEach(Json.child(metadata, "annotations")::addProperty);
        annotate(named, Json.hash(broker.object()));
        filled.asMap().forEach((key, value) -> {
            if (!named.has(key) && !key.equals("status")) {
                named.add(key, value);
            }
        });
        return named;
    }

    /// @param suffix tells this object from the Configuration's others of its kind
    JsonObject ofConfiguration(Resource resource, String suffix) {
        return object(resource, configuration + suffix, null);
    }

    Optional<JsonObject> findInstanceService(Device device, Map<String, String> selector) {
        return findService("instanceServiceSpec", device, selector);
    }

    Optional<JsonObject> findConfigurationService() {
        return findService("configurationServiceSpec", null, Map.of());
    }

    private Optional<JsonObject> findService(String field, @Nullable Device device, Map<String, String> selecting) {
        if (Json.at(spec, field) == null) {
            return Optional.empty();
        }
        JsonObject serviceSpec = Json.object(spec, field).deepCopy();
        JsonObject selector = Json.child(serviceSpec, "selector");
        Map<String, String> labels = selecting.isEmpty()
                ? dialect.serviceSelector(configuration, device == null ? null : device.name())
                : selecting;
        labels.forEach(selector::addProperty);
        JsonObject service = object(Resource.SERVICE, dialect.serviceName(nameOf(device)), device);
        annotate(service, Json.hash(serviceSpec));
        service.add("spec", serviceSpec);
        return Optional.of(service);
    }

    /// Gives the Pods that the object makes their labels and their device.
    JsonObject withPods(Resource resource, JsonObject objectSpec, @Nullable Device device) {
        JsonObject holder = objectSpec;
        if (resource.equals(Resource.CRON_JOB)) {
            holder = Json.child(Json.child(objectSpec, PATH_TO_POD_SPEC.get(0)), PATH_TO_POD_SPEC.get(1));
        }
        JsonObject podTemplate = Json.child(holder, "template");
        Map<String, String> labels = dialect.podTemplateLabels(configuration, device == null ? null : device.name());
        labels.forEach(Json.child(Json.child(podTemplate, "metadata"), "labels")::addProperty);
        giveDevice(Json.child(podTemplate, "spec"), nameOf(device));
        if (Resource.SELECTING.contains(resource)) {
            labels.forEach(Json.child(Json.child(objectSpec, "selector"), "matchLabels")::addProperty);
        }
        return objectSpec;
    }

    private String nameOf(@Nullable Device device) {
        return device == null ? configuration : device.name();
    }

    private Values values(@Nullable Device device, @Nullable String node) {
        Map<String, String> names = new HashMap<>();
        names.put("configuration.name", configuration);
        names.put("configuration.namespace", namespace);
        if (device == null) {
            return new Values(names, Map.of());
        }
        names.put("device.name", device.name());
        names.put("device.capacity", Integer.toString(device.capacity()));
        names.put("device.shared", Boolean.toString(device.shared()));
        if (node != null) {
            names.put("broker.node", node);
        } else if (!device.shared()) {
            device.nodes().stream()
                    .map(NodePresence::node)
                    .findFirst()
                    .ifPresent(only -> names.put("device.node", only));
        }
        Map<String, String> properties = new HashMap<>(device.properties());
        properties.putAll(Json.texts(spec, "brokerProperties"));
        return new Values(names, properties);
    }

    private JsonObject object(Resource resource, String name, @Nullable Device device) {
        var child = new Dialect.Child(resource, name, configuration, device == null ? null : device.name());
        var metadata = new JsonObject();
        metadata.addProperty("namespace", namespace);
        metadata.addProperty("name", name);
        metadata.add("labels", Json.of(dialect.labels(child)));
        var object = new JsonObject();
        object.addProperty("apiVersion", resource.apiVersion());
        object.addProperty("kind", resource.kind());
        object.add("metadata", metadata);
        return object;
    }

    private void annotate(JsonObject object, String hash) {
        JsonObject metadata = Json.child(object, "metadata");
        Json.child(metadata, "annotations").addProperty(dialect.templateHashAnnotation(), hash);
    }

    /// @return whether the Pods ask for a device
    static boolean hasPlaceholder(JsonObject template) {
        return template.toString().contains("\"" + Dialect.PLACEHOLDER + "\"");
    }

    /// @param owner the device or, for any device of it, the Configuration
    private void giveDevice(JsonObject podSpec, String owner) {
        if (hasClaims) {
            BrokerClaims.give(brokerSpec(), podSpec, owner);
        } else {
            replacePlaceholder(podSpec, dialect.resource(namespace, owner));
        }
    }

    private static void replacePlaceholder(JsonObject podSpec, String resource) {
        for (String containers : List.of("containers", "initContainers")) {
            for (JsonObject container : Json.objects(podSpec, containers)) {
                for (String amounts : List.of("requests", "limits")) {
                    JsonObject quantities = Json.object(container, "resources", amounts);
                    JsonElement quantity = quantities.remove(Dialect.PLACEHOLDER);
                    if (quantity != null) {
                        quantities.add(resource, quantity);
                    }
                }
            }
        }
    }

    /// Combines each of the user's own terms with each of the nodes. Terms are alternatives, so a node must be in all
    /// of them; an empty term selects nothing, and stays so.
    static void bindTo(JsonObject podSpec, List<String> nodes) {
        JsonObject affinity = Json.child(podSpec, "affinity");
        JsonObject required =
                Json.child(Json.child(affinity, "nodeAffinity"), "requiredDuringSchedulingIgnoredDuringExecution");
        List<JsonObject> terms = Json.objects(required, "nodeSelectorTerms");
        var bound = new JsonArray();
        for (JsonObject term : terms.isEmpty() ? List.of(new JsonObject()) : terms) {
            boolean selectsNothing = !terms.isEmpty()
                    && Json.objects(term, "matchExpressions").isEmpty()
                    && Json.objects(term, "matchFields").isEmpty();
            if (selectsNothing) {
                bound.add(term);
            } else {
                nodes.forEach(node -> bound.add(withNode(term.deepCopy(), node)));
            }
        }
        required.add("nodeSelectorTerms", bound);
    }

    private static JsonObject withNode(JsonObject term, String node) {
        var requirement = new JsonObject();
        requirement.addProperty("key", "metadata.name");
        requirement.addProperty("operator", "In");
        requirement.add("values", Json.array(List.of(node)));
        JsonElement fields = term.get("matchFields");
        JsonArray array = fields != null && fields.isJsonArray() ? fields.getAsJsonArray() : new JsonArray();
        array.add(requirement);
        term.add("matchFields", array);
        return term;
    }
}
