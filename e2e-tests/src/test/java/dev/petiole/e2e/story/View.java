package dev.petiole.e2e.story;

import dev.petiole.e2e.cluster.Kubectl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// What `kubectl` shows of Petiole in one namespace.
final class View {

    private final Kubectl kubectl;
    private final String namespace;

    View(Kubectl kubectl, String namespace) {
        this.kubectl = kubectl;
        this.namespace = namespace;
    }

    List<JsonNode> instances(String configuration) {
        return kubectl.list("instances.petiole.dev", "-n", namespace).stream()
                .filter(instance ->
                        instance.at("/spec/configurationName").asString("").equals(configuration))
                .toList();
    }

    /// The only Instance of a Configuration; fails if there is none or more than one.
    JsonNode onlyInstance(String configuration) {
        List<JsonNode> all = instances(configuration);
        if (all.size() != 1) {
            throw new AssertionError("%s: %d Instances (expected: 1)".formatted(configuration, all.size()));
        }
        return all.getFirst();
    }

    /// Broker Pods that are not on their way out.
    List<JsonNode> brokers(String configuration) {
        return kubectl.list("pods", "-n", namespace, "-l", "petiole.dev/configuration=" + configuration).stream()
                .filter(pod -> pod.at("/metadata/deletionTimestamp").isMissingNode())
                .toList();
    }

    List<JsonNode> readyBrokers(String configuration) {
        return brokers(configuration).stream().filter(View::isReady).toList();
    }

    List<String> services() {
        return kubectl.names("services", "-n", namespace);
    }

    /// The addresses behind a Service that are ready.
    long endpoints(String service) {
        return kubectl
                .list("endpointslices.discovery.k8s.io", "-n", namespace, "-l", "kubernetes.io/service-name=" + service)
                .stream()
                .flatMap(slice -> slice.path("endpoints").valueStream())
                .filter(endpoint -> endpoint.at("/conditions/ready").asBoolean(false))
                .count();
    }

    /// How many of each of this namespace's devices the kubelets let be allocated, by resource and summed over nodes;
    /// what is not allocatable is not in it.
    Map<String, Integer> allocatable() {
        var sums = new TreeMap<String, Integer>();
        for (JsonNode node : kubectl.list("nodes")) {
            for (var entry : node.at("/status/allocatable").properties()) {
                int quantity = entry.getKey().startsWith(namespace + ".petiole.dev/")
                        ? Integer.parseInt(entry.getValue().asString())
                        : 0;
                if (quantity > 0) {
                    sums.merge(entry.getKey(), quantity, Integer::sum);
                }
            }
        }
        return sums;
    }

    /// A condition of a Configuration's status; missing if it has none of that type.
    JsonNode condition(String configuration, String type) {
        JsonNode status = kubectl.json("get", "configurations.petiole.dev", configuration, "-n", namespace);
        return status.at("/status/conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asString("").equals(type))
                .findFirst()
                .orElseGet(MissingNode::getInstance);
    }

    /// Why the discovery of a Configuration is as it is; empty while nothing is known.
    String discoveringReason(String configuration) {
        return condition(configuration, "Discovering").path("reason").asString("");
    }

    String run(String pod, String... command) {
        var words = new ArrayList<>(List.of("exec", "-n", namespace, pod, "--"));
        words.addAll(List.of(command));
        return kubectl.output(words.toArray(String[]::new));
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asString();
    }

    static String uid(JsonNode object) {
        return object.at("/metadata/uid").asString();
    }

    static boolean isReady(JsonNode pod) {
        return pod.at("/status/conditions")
                .valueStream()
                .anyMatch(condition -> condition.path("type").asString("").equals("Ready")
                        && condition.path("status").asString("").equals("True"));
    }
}
