package dev.petiole.e2e.quickstart;

import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.image.BuiltImage;
import dev.petiole.e2e.image.PetioleImage;
import dev.petiole.e2e.process.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The sample of `samples/smart-store` in a cluster: simulated shelf scales, and a broker for each one found.
final class SmartStore {

    static final String NAMESPACE = "smart-store";
    private static final String CONFIGURATION = "scales";
    private static final int BROKER_PORT = 8080;
    private static final Pattern IMAGE = Pattern.compile("image: *[\"']?(petiole/[a-z-]+)(:[^\\s\"']*)?[\"']?");
    private static final JsonMapper JSON = new JsonMapper();

    private final Kubectl kubectl;

    SmartStore(Kubectl kubectl) {
        this.kubectl = kubectl;
    }

    /// Applies the manifests of a directory, with the images of this build in place of those they name.
    void open(Path manifests, Map<PetioleImage, BuiltImage> images) {
        for (String file : List.of("namespace.yaml", "scales.yaml", "configuration.yaml")) {
            String yaml = withImages(read(manifests.resolve(file)), images);
            kubectl.apply(NAMESPACE, yaml).orThrow();
        }
    }

    /// The scales' names, plugged in or not.
    List<String> scales() {
        return kubectl.names("deployments.apps", "-n", NAMESPACE, "-l", "app.kubernetes.io/name=shelf-scale");
    }

    void plug(String scale) {
        setReplicas(scale, 1);
    }

    void unplug(String scale) {
        setReplicas(scale, 0);
    }

    private void setReplicas(String scale, int replicas) {
        if (!scales().contains(scale)) {
            throw new IllegalArgumentException("%s: no such scale (expected: one of %s)".formatted(scale, scales()));
        }
        kubectl.output("scale", "deployment", scale, "-n", NAMESPACE, "--replicas=" + replicas);
    }

    /// The scales whose server runs, by their Deployments.
    List<String> pluggedIn() {
        return kubectl.list("deployments.apps", "-n", NAMESPACE, "-l", "app.kubernetes.io/name=shelf-scale").stream()
                .filter(deployment ->
                        deployment.path("status").path("readyReplicas").asInt(0) > 0)
                .map(deployment -> deployment.path("metadata").path("name").asString())
                .toList();
    }

    /// What Kubernetes shows now of the devices found, and what their brokers say.
    List<Device> devices() {
        Map<String, JsonNode> pods = new LinkedHashMap<>();
        kubectl.list("pods", "-n", NAMESPACE)
                .forEach(pod -> pods.put(pod.path("metadata").path("name").asString(), pod));
        return kubectl.list("instances.petiole.dev", "-n", NAMESPACE).stream()
                .map(instance -> device(instance, pods))
                .toList();
    }

    /// The conditions of the Configuration, for someone who waits in vain.
    String conditions() {
        return kubectl.run(
                        "get",
                        "configurations.petiole.dev",
                        CONFIGURATION,
                        "-n",
                        NAMESPACE,
                        "-o",
                        "jsonpath={range .status.conditions[*]}{.type}={.status} {.reason}: {.message}{\"\\n\"}{end}")
                .output()
                .strip();
    }

    /// Deletes the Configuration, whose devices' brokers, Services and Instances go with it, and then the scales.
    void close() {
        kubectl.run(
                Duration.ofMinutes(2),
                "delete",
                "configurations.petiole.dev",
                CONFIGURATION,
                "-n",
                NAMESPACE,
                "--ignore-not-found",
                "--timeout=60s");
        kubectl.run(Duration.ofMinutes(3), "delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout=150s")
                .orThrow();
    }

    private Device device(JsonNode instance, Map<String, JsonNode> pods) {
        JsonNode spec = instance.path("spec");
        String name = instance.path("metadata").path("name").asString();
        String address = spec.path("brokerProperties")
                .propertyStream()
                .filter(property -> property.getKey().startsWith("OPCUA_DISCOVERY_URL"))
                .map(property -> property.getValue().asString())
                .findFirst()
                .orElse("-");
        List<String> nodes =
                spec.path("nodes").valueStream().map(JsonNode::asString).toList();
        List<Device.Broker> brokers = new ArrayList<>();
        brokerPods(instance, name, pods).forEach((pod, content) -> brokers.add(broker(pod, content)));
        return new Device(
                name, address, instance.path("status").path("presence").asString("?"), nodes, brokers);
    }

    /// Those that the Instance's status names, and those that it owns.
    private static Map<String, JsonNode> brokerPods(JsonNode instance, String name, Map<String, JsonNode> pods) {
        Set<String> named = instance.path("status")
                .path("brokers")
                .valueStream()
                .map(JsonNode::asString)
                .collect(Collectors.toSet());
        Map<String, JsonNode> found = new LinkedHashMap<>(pods);
        found.entrySet().removeIf(pod -> !named.contains(pod.getKey()) && !isOwned(pod.getValue(), name));
        return found;
    }

    private static boolean isOwned(JsonNode pod, String instance) {
        return pod.path("metadata")
                .path("ownerReferences")
                .valueStream()
                .anyMatch(owner -> owner.path("kind").asString("").equals("Instance")
                        && owner.path("name").asString("").equals(instance));
    }

    private Device.Broker broker(String name, JsonNode pod) {
        String node = pod.path("spec").path("nodeName").asString("-");
        boolean ready = pod.path("status")
                .path("conditions")
                .valueStream()
                .anyMatch(condition -> condition.path("type").asString("").equals("Ready")
                        && condition.path("status").asString("").equals("True"));
        if (!ready) {
            String phase = pod.path("metadata").has("deletionTimestamp")
                    ? "ending"
                    : pod.path("status").path("phase").asString("?").equals("Running") ? "starting" : "pending";
            return new Device.Broker(name, node, false, phase);
        }
        Result answer = kubectl.run(
                "get", "--raw", "/api/v1/namespaces/%s/pods/%s:%d/proxy/stock".formatted(NAMESPACE, name, BROKER_PORT));
        if (!answer.isSuccess()) {
            return new Device.Broker(name, node, false, "no answer");
        }
        JsonNode stock = JSON.readTree(answer.output());
        return new Device.Broker(
                name,
                node,
                true,
                "%d x %s"
                        .formatted(
                                stock.path("count").asLong(0),
                                stock.path("product").asString("?")));
    }

    static String withImages(String yaml, Map<PetioleImage, BuiltImage> images) {
        return IMAGE.matcher(yaml)
                .replaceAll(match -> images.values().stream()
                        .filter(image -> image.image().repository().equals(match.group(1)))
                        .map(image -> Matcher.quoteReplacement("image: " + image.reference()))
                        .findFirst()
                        .orElseThrow(
                                () -> new IllegalStateException("%s: not one of our images".formatted(match.group()))));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
