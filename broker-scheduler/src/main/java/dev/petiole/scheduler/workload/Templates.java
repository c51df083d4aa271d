package dev.petiole.scheduler.workload;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.petiole.api.device.Device;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes the objects of a device from the templates in its Configuration.
final class Templates {

    private final Dialect dialect;
    private final String configuration;
    private final String namespace;
    private final long generation;
    private final JsonObject spec;

    Templates(Dialect dialect, JsonObject configuration) {
        this.dialect = dialect;
        this.configuration = Json.text(configuration, "metadata", "name");
        this.namespace = Json.text(configuration, "metadata", "namespace");
        this.generation = Json.number(configuration, "metadata", "generation");
        this.spec = Json.object(configuration, "spec");
    }

    /// Which workload a device gets.
    enum Kind {
        NONE,
        POD,
        JOB
    }

    Kind kind() {
        if (Json.at(spec, "brokerSpec", "brokerPodSpec") != null) {
            return Kind.POD;
        }
        return Json.at(spec, "brokerSpec", "brokerJobSpec") != null ? Kind.JOB : Kind.NONE;
    }

    String configurationName() {
        return configuration;
    }

    /// @return a hash of the template as the user wrote it: what Petiole adds may change with its version, and must not
    ///     have brokers replaced
    String podHash() {
        return Json.hash(Json.object(spec, "brokerSpec", "brokerPodSpec"));
    }

    JsonObject pod(Device device, String node) {
        JsonObject podSpec = Json.object(spec, "brokerSpec", "brokerPodSpec").deepCopy();
        replacePlaceholder(podSpec, device);
        bindTo(podSpec, node);
        if (!podSpec.has("restartPolicy")) {
            podSpec.addProperty("restartPolicy", "Always");
        }
        JsonObject pod = object(Resource.POD, dialect.podName(device, node), device);
        Json.object(pod, "metadata", "labels").addProperty(dialect.targetNodeLabel(), dialect.targetNode(node));
        annotate(pod, podHash());
        pod.add("spec", podSpec);
        return pod;
    }

    JsonObject job(Device device) {
        JsonObject template = Json.object(spec, "brokerSpec", "brokerJobSpec");
        JsonObject jobSpec = template.deepCopy();
        JsonObject podTemplate = Json.child(jobSpec, "template");
        replacePlaceholder(Json.child(podTemplate, "spec"), device);
        JsonObject labels = Json.child(Json.child(podTemplate, "metadata"), "labels");
        dialect.podTemplateLabels(configuration, device.name()).forEach(labels::addProperty);
        JsonObject job = object(Resource.JOB, dialect.jobName(device.name(), generation), device);
        annotate(job, Json.hash(template));
        job.add("spec", jobSpec);
        return job;
    }

    Optional<JsonObject> findInstanceService(Device device) {
        return findService("instanceServiceSpec", device);
    }

    Optional<JsonObject> findConfigurationService() {
        return findService("configurationServiceSpec", null);
    }

    private Optional<JsonObject> findService(String field, @Nullable Device device) {
        if (Json.at(spec, field) == null) {
            return Optional.empty();
        }
        JsonObject serviceSpec = Json.object(spec, field).deepCopy();
        JsonObject selector = Json.child(serviceSpec, "selector");
        dialect.serviceSelector(configuration, device == null ? null : device.name())
                .forEach(selector::addProperty);
        String owner = device == null ? configuration : device.name();
        JsonObject service = object(Resource.SERVICE, dialect.serviceName(owner), device);
        annotate(service, Json.hash(serviceSpec));
        service.add("spec", serviceSpec);
        return Optional.of(service);
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

    private void replacePlaceholder(JsonObject podSpec, Device device) {
        String resource = dialect.resource(namespace, device.name());
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

    /// Adds the node to each of the user's own terms. Terms are alternatives, so it must be in all of them; an empty
    /// term selects nothing, and stays so.
    private static void bindTo(JsonObject podSpec, String node) {
        JsonObject affinity = Json.child(podSpec, "affinity");
        JsonObject required =
                Json.child(Json.child(affinity, "nodeAffinity"), "requiredDuringSchedulingIgnoredDuringExecution");
        List<JsonObject> terms = Json.objects(required, "nodeSelectorTerms");
        if (terms.isEmpty()) {
            var term = new JsonObject();
            var array = new JsonArray();
            array.add(term);
            required.add("nodeSelectorTerms", array);
            addNode(term, node);
            return;
        }
        for (JsonObject term : terms) {
            if (!Json.objects(term, "matchExpressions").isEmpty()
                    || !Json.objects(term, "matchFields").isEmpty()) {
                addNode(term, node);
            }
        }
    }

    private static void addNode(JsonObject term, String node) {
        var requirement = new JsonObject();
        requirement.addProperty("key", "metadata.name");
        requirement.addProperty("operator", "In");
        requirement.add("values", Json.array(List.of(node)));
        JsonElement fields = term.get("matchFields");
        JsonArray array = fields != null && fields.isJsonArray() ? fields.getAsJsonArray() : new JsonArray();
        array.add(requirement);
        term.add("matchFields", array);
    }
}
