package dev.petiole.scheduler.workload;

import com.google.gson.JsonObject;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.scheduler.condition.Reason;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.node.NodeState;
import dev.petiole.scheduler.placement.Placement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides on the broker Pods of one device.
final class DevicePods {

    private final Dialect dialect;
    private final Situation situation;
    private final Device device;
    private final Map<String, Integer> load;
    private final Map<String, JsonObject> podByNode = new HashMap<>();
    private final Map<JsonObject, String> removals = new LinkedHashMap<>();

    /// @param load how many brokers each node has, those planned for other devices included
    DevicePods(Dialect dialect, Situation situation, Device device, List<JsonObject> pods, Map<String, Integer> load) {
        this.dialect = dialect;
        this.situation = situation;
        this.device = device;
        this.load = load;
        for (JsonObject pod : pods) {
            findNode(pod).ifPresentOrElse(node -> podByNode.put(node, pod), () -> removals.put(pod, Reason.NO_PLACE));
        }
    }

    /// What is to be done.
    ///
    /// @param present nodes on which there should be a Pod now, ordered
    /// @param replaced nodes whose Pod goes, so that a new one can be made
    /// @param added those of `present` that get a new one
    /// @param removals Pods that go, and why
    /// @param open how many more there should be but can't be placed now
    /// @param awaits what those wait for
    record Decision(
            List<String> present,
            List<String> replaced,
            List<String> added,
            Map<JsonObject, String> removals,
            int open,
            WorkloadPlan.Wait awaits,
            Optional<Instant> lookAgain) {}

    Decision decide(String templateHash) {
        Placement.Places places = Placement.decide(dialect.maxBrokers(device), candidates(), brokers());
        places.surplus().forEach(node -> removals.put(pod(node), Reason.NO_PLACE));

        List<String> present = new ArrayList<>(places.added());
        List<String> replaced = new ArrayList<>();
        for (String node : places.kept()) {
            JsonObject pod = pod(node);
            Optional<String> reason = reasonToReplace(node, pod, templateHash);
            if (reason.isPresent()) {
                removals.put(pod, reason.get());
                replaced.add(node);
            } else if (BrokerPod.isOver(pod) || !dialect.isMadeFrom(BrokerPod.hash(pod, dialect), templateHash)) {
                // It waits for its time to be replaced; touching it would bring nothing.
                replaced.add(node);
            } else {
                present.add(node);
            }
        }
        present.sort(null);
        return new Decision(
                present, replaced, places.added(), removals, places.open(), awaited(places.open()), nextRetry());
    }

    private WorkloadPlan.Wait awaited(int open) {
        if (open == 0) {
            return WorkloadPlan.Wait.NOTHING;
        }
        boolean hasPredecessor =
                podByNode.values().stream().anyMatch(pod -> BrokerPod.isEnding(pod) || removals.containsKey(pod));
        if (hasPredecessor) {
            return WorkloadPlan.Wait.PREDECESSOR;
        }
        return nextRetry().isPresent() ? WorkloadPlan.Wait.PAUSE : WorkloadPlan.Wait.NODE;
    }

    private Optional<String> reasonToReplace(String node, JsonObject pod, String templateHash) {
        boolean canBeMadeAnew = isUsable(node) || (BrokerPod.isOver(pod) && hasUsableNodeWithoutPod());
        if (!canBeMadeAnew) {
            return Optional.empty();
        }
        if (BrokerPod.isOver(pod)) {
            boolean isTime = !situation.retries().isHeldBack(Json.text(pod, "metadata", "name"), situation.now());
            return isTime ? Optional.of(Reason.BROKER_FAILED) : Optional.empty();
        }
        return dialect.isMadeFrom(BrokerPod.hash(pod, dialect), templateHash)
                ? Optional.empty()
                : Optional.of(Reason.TEMPLATE_CHANGED);
    }

    /// The name decides, since labels can be edited; the label only spares the search.
    private Optional<String> findNode(JsonObject pod) {
        String name = Json.text(pod, "metadata", "name");
        String labelled = BrokerPod.targetNode(pod, dialect);
        if (name.equals(dialect.podName(device, labelled))) {
            return Optional.of(labelled);
        }
        return device.nodes().stream()
                .map(NodePresence::node)
                .filter(node -> name.equals(dialect.podName(device, node)))
                .findFirst();
    }

    private List<Placement.Candidate> candidates() {
        List<Placement.Candidate> candidates = new ArrayList<>();
        boolean isSlotFree = device.slots().size() < device.capacity();
        for (NodePresence entry : device.nodes()) {
            if (entry.presence() != Presence.OFFLINE) {
                String pod = dialect.podName(device, entry.node());
                boolean holdsSlot =
                        device.slots().stream().anyMatch(slot -> slot.node().equals(entry.node()));
                candidates.add(new Placement.Candidate(
                        entry.node(),
                        entry.presence() == Presence.ONLINE,
                        isUsable(entry.node()),
                        situation.retries().isHeldBack(pod, situation.now()),
                        holdsSlot,
                        isSlotFree || holdsSlot,
                        load.getOrDefault(entry.node(), 0),
                        situation.retries().failures(pod)));
            }
        }
        return candidates;
    }

    private List<Placement.Broker> brokers() {
        List<Placement.Broker> brokers = new ArrayList<>();
        podByNode.forEach((node, pod) -> brokers.add(new Placement.Broker(
                node,
                BrokerPod.isEnding(pod),
                BrokerPod.isReady(pod),
                Json.findInstant(pod, "metadata", "creationTimestamp").orElse(Instant.MAX))));
        return brokers;
    }

    private boolean isUsable(String node) {
        @Nullable NodeState state = situation.nodes().get(node);
        return state != null
                && state.isUsable()
                && device.nodes().stream()
                        .anyMatch(entry -> entry.node().equals(node) && entry.presence() == Presence.ONLINE);
    }

    private boolean hasUsableNodeWithoutPod() {
        return device.nodes().stream()
                .map(NodePresence::node)
                .anyMatch(node -> !podByNode.containsKey(node) && isUsable(node));
    }

    private Optional<Instant> nextRetry() {
        return device.nodes().stream()
                .map(entry -> situation
                        .retries()
                        .notBefore()
                        .getOrDefault(dialect.podName(device, entry.node()), Instant.MIN))
                .filter(at -> at.isAfter(situation.now()))
                .min(Instant::compareTo);
    }

    private JsonObject pod(String node) {
        JsonObject pod = podByNode.get(node);
        if (pod == null) {
            throw new IllegalStateException(
                    "node: " + node + " (expected: one with a broker of " + device.name() + ")");
        }
        return pod;
    }
}
