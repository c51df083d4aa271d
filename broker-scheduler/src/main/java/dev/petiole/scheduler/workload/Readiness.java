package dev.petiole.scheduler.workload;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.condition.Condition;
import dev.petiole.scheduler.condition.ConditionType;
import dev.petiole.scheduler.condition.Reason;
import dev.petiole.scheduler.kubernetes.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// How many brokers there should be, how many are ready, and what is wrong with the others.
///
/// @param troubles what keeps brokers from being ready, the worst first
public record Readiness(int desired, int ready, List<Trouble> troubles) {

    /// Under this name the reason stands why the template can't be filled in.
    public static final String TEMPLATE = "template";

    public Readiness {
        troubles = troubles.stream().sorted().toList();
    }

    /// Why a broker is not ready.
    ///
    /// @param message names the broker
    public record Trouble(Severity severity, String message) implements Comparable<Trouble> {

        @Override
        public int compareTo(Trouble other) {
            int bySeverity = severity.compareTo(other.severity);
            return bySeverity != 0 ? bySeverity : message.compareTo(other.message);
        }
    }

    /// The worst first.
    public enum Severity {
        TEMPLATE(Reason.TEMPLATE_INVALID),
        REJECTED(Reason.BROKER_REJECTED),
        FAILED(Reason.BROKER_FAILED),
        NO_NODE(Reason.NO_USABLE_NODE),
        NO_SLOT(Reason.NO_SLOT),
        WAITING(Reason.NOT_READY);

        private final String reason;

        Severity(String reason) {
            this.reason = reason;
        }
    }

    /// Looks at the brokers of one device.
    ///
    /// @param workloads the Pods and Jobs that there are, by name
    /// @param rejections by object name, the API server's words for not making it
    public static Readiness of(
            String device,
            WorkloadPlan.DeviceBrokers brokers,
            Map<String, JsonObject> workloads,
            Map<String, String> rejections) {
        int ready = 0;
        List<Trouble> troubles = new ArrayList<>();
        for (String name : brokers.names()) {
            JsonObject workload = workloads.get(name);
            if (workload != null && isReady(workload)) {
                ready++;
            } else if (!rejections.containsKey(name)) {
                troubles.add(trouble(name, Optional.ofNullable(workload)));
            }
        }
        rejections.forEach((name, message) -> troubles.add(
                name.equals(TEMPLATE)
                        ? new Trouble(Severity.TEMPLATE, message)
                        : new Trouble(Severity.REJECTED, name + ": " + message)));
        if (brokers.open() > 0) {
            troubles.add(openTrouble(device, brokers.awaits()));
        }
        int desired = brokers.names().size() + brokers.open() - brokers.spares();
        if (brokers.spares() > 0 && ready >= desired) {
            // Those that are left over wait, and that is what they are for.
            troubles.removeIf(trouble -> trouble.severity() != Severity.REJECTED);
        }
        return new Readiness(desired, Math.min(ready, desired), troubles);
    }

    /// @return all of them together
    public static Readiness sum(List<Readiness> parts) {
        List<Trouble> troubles = new ArrayList<>();
        parts.forEach(part -> troubles.addAll(part.troubles()));
        return new Readiness(
                parts.stream().mapToInt(Readiness::desired).sum(),
                parts.stream().mapToInt(Readiness::ready).sum(),
                troubles);
    }

    /// @param isAsked whether the Configuration has a broker at all
    public Condition toCondition(boolean isAsked) {
        String count = ready + " of " + desired + (desired == 1 ? " broker is ready" : " brokers are ready");
        if (!troubles.isEmpty()) {
            Trouble worst = troubles.getFirst();
            String more = troubles.size() == 1 ? "" : " (and " + (troubles.size() - 1) + " more)";
            return Condition.isFalse(
                    ConditionType.BROKERS_READY, worst.severity().reason, count + "; " + worst.message() + more + ".");
        }
        if (!isAsked) {
            return Condition.isTrue(ConditionType.BROKERS_READY, Reason.NO_BROKER, "No broker is asked for.");
        }
        return desired == 0
                ? Condition.isTrue(
                        ConditionType.BROKERS_READY, Reason.NO_DEVICE, "No device is there to run a broker for.")
                : Condition.isTrue(ConditionType.BROKERS_READY, Reason.ALL_READY, count + ".");
    }

    private static boolean isReady(JsonObject workload) {
        JsonObject status = Json.object(workload, "status");
        return switch (Json.text(workload, "kind")) {
            case "Pod" -> BrokerPod.isReady(workload);
            case "Job" ->
                Json.findCondition(workload, "Complete").isPresent()
                        || Json.number(status, "ready") > 0
                        || Json.number(status, "succeeded") > 0;
            // What it makes comes and goes by the clock.
            case "CronJob" -> true;
            case "Deployment", "StatefulSet" ->
                isObserved(workload) && Json.number(status, "readyReplicas") >= replicas(workload);
            case "DaemonSet" ->
                isObserved(workload)
                        && Json.number(status, "numberReady") >= Json.number(status, "desiredNumberScheduled");
            default -> isSaidToBeReady(workload);
        };
    }

    private static boolean isObserved(JsonObject workload) {
        return Json.number(workload, "status", "observedGeneration") >= Json.number(workload, "metadata", "generation");
    }

    private static long replicas(JsonObject workload) {
        return Json.at(workload, "spec", "replicas") == null ? 1 : Json.number(workload, "spec", "replicas");
    }

    /// An object of a kind that Petiole knows nothing of is ready unless it says that it is not.
    private static boolean isSaidToBeReady(JsonObject workload) {
        return Stream.of("Ready", "Available")
                .flatMap(type -> Json.findCondition(workload, type).stream())
                .allMatch(condition -> Json.text(condition, "status").equals("True"));
    }

    private static Trouble openTrouble(String device, WorkloadPlan.Wait awaited) {
        return switch (awaited) {
            case SLOT -> new Trouble(Severity.NO_SLOT, device + ": others use all that the device has to give");
            case NOTHING, NODE ->
                new Trouble(Severity.NO_NODE, device + ": no node that sees the device can take a broker now");
            case PREDECESSOR -> new Trouble(Severity.WAITING, device + ": the broker before has not ended yet");
            case PAUSE -> new Trouble(Severity.FAILED, device + ": the last broker failed; another is made soon");
        };
    }

    private static Trouble trouble(String name, Optional<JsonObject> workload) {
        if (workload.isEmpty()) {
            return new Trouble(Severity.WAITING, name + " is being made");
        }
        Optional<JsonObject> jobFailed = Json.findCondition(workload.get(), "Failed");
        if (jobFailed.isPresent()) {
            return new Trouble(Severity.FAILED, name + ": " + Json.text(jobFailed.get(), "message"));
        }
        Severity severity = BrokerPod.isOver(workload.get()) ? Severity.FAILED : Severity.WAITING;
        return new Trouble(
                severity, name + ": " + BrokerPod.findTrouble(workload.get()).orElse("starting"));
    }
}
