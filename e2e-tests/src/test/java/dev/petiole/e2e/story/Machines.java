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
        return !onProcess(component, node, "kill -9 ${p#/proc/}").isEmpty();
    }

    /// Deletes the registry's files from under it, and kills it before it can write them again.
    void loseDatabase(String node) {
        List<String> lost =
                onProcess("registry-service", node, "rm -rf $p/root/data/* && kill -9 ${p#/proc/} && echo lost");
        if (!lost.equals(List.of("lost\n"))) {
            throw new AssertionError("registry's database on %s: %s (expected: lost)".formatted(node, lost));
        }
    }

    /// @return the resident memory of the component's process
    long serviceMegabytes(String component, String node) {
        return onProcess(component, node, "grep VmRSS $p/status").stream()
                .mapToLong(Machines::megabytes)
                .sum();
    }

    long kubeletMegabytes(String node) {
        return megabytes(cluster.onNode(node, "sh", "-c", "grep VmRSS /proc/$(pidof kubelet)/status")
                .orThrow());
    }

    private static long megabytes(String vmRss) {
        return Long.parseLong(vmRss.replaceAll("[^0-9]", "")) / 1000;
    }

    /// Does something with the Java process of a component's Pod.
    ///
    /// @return what was printed for each such Pod on the node
    private List<String> onProcess(String component, String node, String what) {
        // The kernel tells a process's container by its cgroup.
        return pods(component).stream()
                .filter(pod -> pod.at("/spec/nodeName").asString("").equals(node)
                        && pod.at("/status/containerStatuses/0/state").has("running"))
                .map(pod -> pod.at("/status/containerStatuses/0/containerID").asString(""))
                .map(container -> container.substring(container.lastIndexOf('/') + 1))
                .map(id -> "for p in /proc/[0-9]*; do grep -qs " + id + " $p/cgroup && grep -qs java $p/comm && " + what
                        + "; done; true")
                .map(script -> cluster.onNode(node, "sh", "-c", script).orThrow())
                .toList();
    }

    /// Deletes the component's Pods, has them made anew, and waits until the old ones are gone.
    void restart(String component) {
        kubectl.output(
                "delete", "pods", "-n", namespace, "-l", "app.kubernetes.io/component=" + component, "--timeout=60s");
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
        // In the mangle table nothing has been accepted yet, whatever the network plugin and the kube-proxy say.
        cluster.onNode(node, "iptables", "-w", "-t", "mangle", verb, "POSTROUTING", "-d", registry, "-j", "DROP")
                .orThrow();
        cluster.onNode(node, "iptables", "-w", "-t", "mangle", verb, "PREROUTING", "-s", registry, "-j", "DROP")
                .orThrow();
    }

    /// @return whether all of Petiole and all nodes are
    boolean isAllReady() {
        return kubectl.list("pods", "-n", namespace).stream().allMatch(View::isReady)
                && cluster.nodes().stream().allMatch(this::isReady);
    }

    boolean isReady(String node) {
        return View.isReady(kubectl.json("get", "node", node));
    }
}
