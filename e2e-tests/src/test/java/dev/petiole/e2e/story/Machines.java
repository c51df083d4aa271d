package dev.petiole.e2e.story;

import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What can be done to a cluster's nodes and to what runs there, without anybody having a chance to say goodbye.
final class Machines {

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final String namespace;

    /// @param namespace where Petiole is installed
    Machines(Cluster cluster, Kubectl kubectl, String namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.namespace = namespace;
    }

    /// Kills a kubelet; the machine starts it again.
    void killKubelet(String node) {
        cluster.onNode(node, "sh", "-c", "kill -9 $(pidof kubelet)").orThrow();
    }

    /// Kills the process of one of Petiole's Pods; the kubelet starts it again.
    ///
    /// @param component such as `discovery-service`
    /// @return whether there was one
    boolean killService(String component, String node) {
        for (JsonNode pod : pods(component)) {
            String container = pod.at("/status/containerStatuses/0/containerID").asString("");
            boolean isRunning = pod.at("/status/containerStatuses/0/state").has("running");
            if (pod.at("/spec/nodeName").asString("").equals(node) && isRunning) {
                String id = container.substring(container.lastIndexOf('/') + 1);
                // The kernel tells a process's container by its cgroup.
                String script = "for p in /proc/[0-9]*; do if grep -qs " + id + " $p/cgroup; then"
                        + " grep -qs java $p/comm && kill -9 ${p#/proc/}; fi; done; true";
                return cluster.onNode(node, "sh", "-c", script).isSuccess();
            }
        }
        return false;
    }

    /// @return the node of the component's only Pod
    String nodeOf(String component) {
        return pods(component).getFirst().at("/spec/nodeName").asString();
    }

    private List<JsonNode> pods(String component) {
        return kubectl.list("pods", "-n", namespace, "-l", "app.kubernetes.io/component=" + component);
    }

    /// Lets nothing pass between a node's Pods and the registry, or lets it pass again.
    void cutOff(String node, boolean isCut) {
        String registry =
                pods("registry-service").getFirst().at("/status/podIP").asString();
        String verb = isCut ? "-I" : "-D";
        cluster.onNode(node, "iptables", "-w", verb, "FORWARD", "-d", registry, "-j", "DROP")
                .orThrow();
        cluster.onNode(node, "iptables", "-w", verb, "FORWARD", "-s", registry, "-j", "DROP")
                .orThrow();
    }

    boolean isReady(String node) {
        return View.isReady(kubectl.json("get", "node", node));
    }
}
