package dev.petiole.scheduler.testing;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Nodes that are nothing but Node objects, and what kube-scheduler and the kubelets would do with Pods: bind them
/// where their affinity says, let them run, and let them go. The image `fails` ends at once.
public final class FakeNodes {

    private static final Duration EVERY = Duration.ofMillis(150);
    private static final String NODES = "/api/v1/nodes";

    private final Kubectl kubectl;
    private volatile boolean isAtRest;

    FakeNodes(Kubectl kubectl) {
        this.kubectl = kubectl;
    }

    void start(List<String> names) {
        names.forEach(this::add);
        Thread.ofVirtual().name("fake-nodes").start(this::run);
    }

    /// Makes a node, or has one that is there be Ready and schedulable again.
    public void add(String name) {
        kubectl.apply(NODES + "/" + name, """
                {apiVersion: v1, kind: Node, metadata: {name: %s, labels: {kubernetes.io/hostname: %s}},
                 spec: {unschedulable: false, taints: []}}
                """.formatted(name, name));
        setReady(name, true);
    }

    public void setReady(String name, boolean isReady) {
        kubectl.patch(
                NODES + "/" + name + "/status",
                "{\"status\": {\"allocatable\": {\"pods\": \"5000\"}, \"conditions\": [{\"type\": \"Ready\", \"status\": \"%s\"}]}}"
                        .formatted(isReady ? "True" : "Unknown"));
    }

    public void cordon(String name, boolean isCordoned) {
        kubectl.patch(NODES + "/" + name, "{\"spec\": {\"unschedulable\": %s}}".formatted(isCordoned));
    }

    public void remove(String name) {
        kubectl.delete(NODES + "/" + name);
    }

    /// Lets Pods lie as they are, for a benchmark that wants the machine for itself.
    public void rest(boolean isAtRest) {
        this.isAtRest = isAtRest;
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            if (!isAtRest) {
                lookAtAll();
            }
            LockSupport.parkNanos(EVERY.toNanos());
        }
    }

    private void lookAtAll() {
        try {
            List<JsonObject> nodes = kubectl.list(NODES);
            kubectl.list("/api/v1/pods").forEach(pod -> lookAt(pod, nodes));
        } catch (IllegalStateException e) {
            // The API server is away, which some tests want.
            System.getLogger("fake-nodes").log(System.Logger.Level.DEBUG, "pods not looked at", e);
        }
    }

    private void lookAt(JsonObject pod, List<JsonObject> nodes) {
        String path = "/api/v1/namespaces/" + Json.text(pod, "metadata", "namespace") + "/pods/"
                + Json.text(pod, "metadata", "name");
        String node = Json.text(pod, "spec", "nodeName");
        if (Json.at(pod, "metadata", "deletionTimestamp") != null) {
            kubectl.deleteAtOnce(path, Json.text(pod, "metadata", "uid"));
        } else if (node.isEmpty()) {
            nodes.stream().filter(one -> mayRunOn(pod, one)).findFirst().ifPresent(one -> bind(path, pod, one));
        } else if (Json.text(pod, "status", "phase").equals("Pending")) {
            run(path, pod);
        }
    }

    private void bind(String path, JsonObject pod, JsonObject node) {
        kubectl.create(path + "/binding", """
                {apiVersion: v1, kind: Binding, metadata: {name: %s}, target: {kind: Node, name: %s}}
                """.formatted(
                        Json.text(pod, "metadata", "name"), Json.text(node, "metadata", "name")));
    }

    private void run(String path, JsonObject pod) {
        boolean fails = Json.objects(pod, "spec", "containers").stream()
                .anyMatch(container -> Json.text(container, "image").equals("fails"));
        String status = fails
                ? "{\"phase\": \"Failed\", \"reason\": \"Fails\", \"message\": \"as its image says\"}"
                : "{\"phase\": \"Running\", \"startTime\": \"2026-11-24T12:00:00Z\", \"conditions\": "
                        + "[{\"type\": \"Ready\", \"status\": \"True\"}]}";
        kubectl.patch(path + "/status", "{\"status\": " + status + "}");
    }

    private static boolean mayRunOn(JsonObject pod, JsonObject node) {
        boolean isUsable = Json.findCondition(node, "Ready")
                        .filter(ready -> Json.text(ready, "status").equals("True"))
                        .isPresent()
                && !Json.text(node, "spec", "unschedulable").equals("true");
        List<JsonObject> terms = Json.objects(
                pod,
                "spec",
                "affinity",
                "nodeAffinity",
                "requiredDuringSchedulingIgnoredDuringExecution",
                "nodeSelectorTerms");
        String name = Json.text(node, "metadata", "name");
        return isUsable && (terms.isEmpty() || terms.stream().anyMatch(term -> matches(term, name)));
    }

    private static boolean matches(JsonObject term, String node) {
        return Json.objects(term, "matchFields").stream()
                .allMatch(field -> field.get("values").toString().contains("\"" + node + "\""));
    }
}
