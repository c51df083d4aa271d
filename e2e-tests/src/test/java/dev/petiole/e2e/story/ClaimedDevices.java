package dev.petiole.e2e.story;

import dev.petiole.e2e.cluster.Kubectl;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Configurations whose devices are claimed, Pods that claim them, and what is published of them.
final class ClaimedDevices {

    private static final String BUSYBOX = "docker.io/library/busybox:1";

    private final Kubectl kubectl;
    private final String namespace;

    ClaimedDevices(Kubectl kubectl, String namespace) {
        this.kubectl = kubectl;
        this.namespace = namespace;
    }

    /// @param descriptions a YAML list, one device each
    /// @param exposure `ResourceClaim` or `DevicePlugin`
    String configuration(String name, String descriptions, int capacity, String exposure, boolean hasBroker) {
        return """
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: %s, namespace: %s}
                spec:
                  discoveryHandler:
                    name: debugEcho
                    discoveryDetails: |
                      descriptions: %s
                  capacity: %d
                  exposure: %s
                  gracePeriod: 2s
                  brokerProperties: {RESOLUTION_WIDTH: "800"}
                """.formatted(name, namespace, descriptions, capacity, exposure)
                + (hasBroker ? """
                  brokerSpec:
                    brokerPodSpec:
                      terminationGracePeriodSeconds: 0
                      containers:
                      - name: broker
                        image: %s
                        imagePullPolicy: IfNotPresent
                        command: [sh, -c, "trap exit TERM; while :; do sleep 1; done"]
                        resources:
                          limits: {"{{PLACEHOLDER}}": "1"}
                """.formatted(BUSYBOX) : "");
    }

    /// A template of claims for one slot of any device that the expression selects.
    ///
    /// @param expression over `device.attributes['petiole.dev']`, given as `a`
    String template(String name, String configuration, String expression) {
        return """
                apiVersion: resource.k8s.io/v1
                kind: ResourceClaimTemplate
                metadata: {name: %s, namespace: %s}
                spec:
                  spec:
                    devices:
                      requests:
                      - name: it
                        exactly:
                          deviceClassName: %s.%s
                          selectors:
                          - cel: {expression: "%s"}
                """.formatted(
                        name,
                        namespace,
                        namespace,
                        configuration,
                        expression.replace("a.", "device.attributes['petiole.dev']."));
    }

    String podSpec(String template) {
        return """
                terminationGracePeriodSeconds: 0
                resourceClaims: [{name: it, resourceClaimTemplateName: %s}]
                containers:
                - name: main
                  image: %s
                  imagePullPolicy: IfNotPresent
                  command: [sh, -c, "trap exit TERM; while :; do sleep 1; done"]
                  resources: {claims: [{name: it}]}
                """.formatted(template, BUSYBOX);
    }

    String pod(String name, String template) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s, labels: {app: %s}}
                spec:
                """.formatted(name, namespace, name) + podSpec(template).indent(2);
    }

    String deployment(String name, String template, int replicas) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %s, namespace: %s}
                spec:
                  replicas: %d
                  selector: {matchLabels: {app: %s}}
                  template:
                    metadata: {labels: {app: %s}}
                    spec:
                """.formatted(name, namespace, replicas, name, name)
                + podSpec(template).indent(6);
    }

    /// The names of all slots that are published for a Configuration.
    List<String> publishedSlots(String configuration) {
        return slices(configuration).stream()
                .flatMap(slice -> slice.at("/spec/devices").valueStream())
                .map(device -> device.path("name").asString())
                .sorted()
                .toList();
    }

    List<JsonNode> slices(String configuration) {
        return kubectl.list(
                "resourceslices.resource.k8s.io",
                "-l",
                "petiole.dev/configuration-namespace=" + namespace + ",petiole.dev/configuration=" + configuration);
    }

    List<String> deviceClasses() {
        return kubectl.names("deviceclasses.resource.k8s.io", "-l", "petiole.dev/configuration-namespace=" + namespace);
    }

    JsonNode pod(String name) {
        return kubectl.json("get", "pod", name, "-n", namespace);
    }

    List<JsonNode> readyPods(String app) {
        return kubectl.list("pods", "-n", namespace, "-l", "app=" + app).stream()
                .filter(pod -> pod.at("/metadata/deletionTimestamp").isMissingNode())
                .filter(View::isReady)
                .toList();
    }

    /// The messages of all Events about a Pod.
    List<String> events(String pod) {
        return kubectl.list("events", "-n", namespace, "--field-selector", "involvedObject.name=" + pod).stream()
                .map(event -> event.path("message").asString(""))
                .toList();
    }

    List<JsonNode> claims() {
        return kubectl.list("resourceclaims.resource.k8s.io", "-n", namespace);
    }

    void deletePod(String name) {
        kubectl.output("delete", "pod", name, "-n", namespace, "--ignore-not-found", "--timeout=60s");
    }
}
