package dev.petiole.scheduler.workload;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a broker Pod (core/v1).
public final class BrokerPod {

    // The kubelet's reasons for turning a Pod away: a device plugin refused, or has nothing to give; and the resource
    // is short, followed by its name.
    private static final String NO_ADMISSION = "UnexpectedAdmissionError";
    private static final String NO_RESOURCE = "OutOf";

    private BrokerPod() {}

    /// @return whether it has run to its end, or was never let in; it won't run any more
    public static boolean isOver(JsonObject pod) {
        String phase = Json.text(pod, "status", "phase");
        return phase.equals("Failed") || phase.equals("Succeeded");
    }

    /// @return whether the kubelet did not let it in, so that nothing of it has ever run
    public static boolean isRefused(JsonObject pod) {
        String reason = Json.text(pod, "status", "reason");
        return isOver(pod) && (reason.equals(NO_ADMISSION) || reason.startsWith(NO_RESOURCE));
    }

    /// @return whether it is being deleted
    public static boolean isEnding(JsonObject pod) {
        return Json.at(pod, "metadata", "deletionTimestamp") != null;
    }

    /// @return whether it serves
    public static boolean isReady(JsonObject pod) {
        return !isEnding(pod)
                && Json.findCondition(pod, "Ready")
                        .filter(ready -> Json.text(ready, "status").equals("True"))
                        .isPresent();
    }

    /// @return whether no node has taken it yet, so that it holds nothing
    static boolean isWaitingForPlace(JsonObject pod) {
        return !isEnding(pod)
                && !isOver(pod)
                && !isReady(pod)
                && Json.text(pod, "status", "phase").equals("Pending")
                && Json.text(pod, "spec", "nodeName").isEmpty();
    }

    /// @return what keeps it from being ready, if it says
    public static Optional<String> findTrouble(JsonObject pod) {
        if (isOver(pod)) {
            String reason = Json.text(pod, "status", "reason");
            String message = Json.text(pod, "status", "message");
            return reason.isEmpty()
                    ? Optional.of(findExit(pod).orElseGet(() -> Json.text(pod, "status", "phase")))
                    : Optional.of(reason + (message.isEmpty() ? "" : ": " + message));
        }
        for (JsonObject container : containers(pod)) {
            String reason = Json.text(container, "state", "waiting", "reason");
            if (!reason.isEmpty() && !reason.equals("ContainerCreating") && !reason.equals("PodInitializing")) {
                String message = Json.text(container, "state", "waiting", "message");
                return Optional.of(reason + (message.isEmpty() ? "" : ": " + message));
            }
        }
        return Json.findCondition(pod, "PodScheduled")
                .filter(scheduled -> Json.text(scheduled, "status").equals("False"))
                .map(scheduled -> Json.text(scheduled, "reason") + ": " + Json.text(scheduled, "message"));
    }

    private static Optional<String> findExit(JsonObject pod) {
        return containers(pod).stream()
                .filter(container -> Json.at(container, "state", "terminated") != null)
                .map(container -> "container " + Json.text(container, "name") + " exited with "
                        + Json.number(container, "state", "terminated", "exitCode"))
                .reduce((_, last) -> last);
    }

    private static List<JsonObject> containers(JsonObject pod) {
        List<JsonObject> containers = new ArrayList<>(Json.objects(pod, "status", "initContainerStatuses"));
        containers.addAll(Json.objects(pod, "status", "containerStatuses"));
        return containers;
    }

    static String targetNode(JsonObject pod, Dialect dialect) {
        return Json.text(pod, "metadata", "labels", dialect.targetNodeLabel());
    }

    /// @return the hash of the template from which it was made, empty if it does not say
    public static String hash(JsonObject pod, Dialect dialect) {
        return Json.text(pod, "metadata", "annotations", dialect.templateHashAnnotation());
    }
}
