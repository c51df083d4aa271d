package dev.petiole.e2e.installation;

import dev.petiole.e2e.cluster.Kubectl;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What a person would look at when a namespace's Pods do not get ready.
public final class Diagnosis {

    private static final int LOG_LINES = 25;
    private static final int EVENTS = 20;

    private final Kubectl kubectl;
    private final String namespace;

    public Diagnosis(Kubectl kubectl, String namespace) {
        this.kubectl = kubectl;
        this.namespace = namespace;
    }

    /// Pods, the latest Events, and the last lines of each container that is not ready.
    public String describe() {
        String logs = kubectl.list("pods", "-n", namespace).stream()
                .flatMap(pod -> pod.path("status")
                        .path("containerStatuses")
                        .valueStream()
                        .filter(container -> !container.path("ready").asBoolean(false))
                        .map(container -> log(pod, container)))
                .collect(Collectors.joining());
        return section(
                        "Pods",
                        kubectl.run("get", "pods", "-n", namespace, "-o", "wide")
                                .output())
                + section("Events", lastEvents())
                + logs;
    }

    private String lastEvents() {
        List<String> lines = kubectl.run(
                        "get",
                        "events",
                        "-n",
                        namespace,
                        "--sort-by=.metadata.creationTimestamp",
                        "-o",
                        "custom-columns=TYPE:.type,REASON:.reason,OBJECT:.involvedObject.name,MESSAGE:.message",
                        "--no-headers")
                .output()
                .lines()
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - EVENTS), lines.size()));
    }

    private String log(JsonNode pod, JsonNode container) {
        String podName = pod.path("metadata").path("name").asString();
        String name = container.path("name").asString();
        // After a restart the interesting lines are those of the run before.
        boolean restarted = container.path("restartCount").asInt(0) > 0;
        String text = kubectl.run(
                        "logs", "-n", namespace, podName, "-c", name, "--tail=" + LOG_LINES, "--previous=" + restarted)
                .output();
        return section("log of %s/%s%s".formatted(podName, name, restarted ? ", its previous run" : ""), text);
    }

    private static String section(String title, String text) {
        return "--- %s%n%s%n".formatted(title, text.strip());
    }
}
