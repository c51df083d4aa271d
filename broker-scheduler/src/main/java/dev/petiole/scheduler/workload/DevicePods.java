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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Decides on the broker Pods of one device.
final class DevicePods {

    private final Dialect dialect;
    private final Situation situation;
    private final Device device;
    private final Map<String, Integer> load;
    private final Map<String, JsonObject> podByNode = new HashMap<>();
    private final Map<JsonObject, String> removals = new LinkedHashMap<>();
    private final UnaryOperator<String> hashes;
    private final int takenByOthers;
    private final Placement.Places places;

    /// @param hashes by node: that of the template from which a Pod should be made there
    /// @param load how many brokers each node has; those that are added here are added to it
    DevicePods(Subject subject, List<JsonObject> pods, UnaryOperator<String> hashes, Map<String, Integer> load) {
        this.dialect = subject.dialect();
        this.situation = subject.situation();
        this.device = subject.device();
        this.hashes = hashes;
        this.load = load;
        for (JsonObject pod : pods) {
            findNode(pod).ifPresentOrElse(node -> podByNode.put(node, pod), () -> removals.put(pod, Reason.NO_PLACE));
        }
        this.takenByOthers = takenByOthers();
        removeSpares();
        this.places = Placement.decide(dialect.maxBrokers(device) - takenByOthers, candidates(), brokers());
        places.added().forEach(node -> load.merge(node, 1, Integer::sum));
    }

    /// The device whose brokers are decided on.
    record Subject(Dialect dialect, Situation situation, Device device) {}

    /// @return how many brokers there are, end, or are made now
    int count() {
        return places.kept().size() + places.added().size() + ending();
    }

    /// @return how many of those don't serve
    int unavailable() {
        return (int) places.kept().stream()
                        .filter(node -> !BrokerPod.isReady(pod(node)))
                        .count()
                + places.added().size()
                + ending();
    }

    private int ending() {
        return (int) podByNode.values().stream().filter(BrokerPod::isEnding).count();
    }

    /// What is to be done.
    ///
    /// @param present nodes on which there should be a Pod now, ordered
    /// @param replaced nodes whose Pod goes, so that a new one can be made
    /// @param removals Pods that go, and why
    /// @param open how many more there should be but can't be placed now
    /// @param awaits what those wait for
    record Decision(
            List<String> present,
            List<String> replaced,
            Map<JsonObject, String> removals,
            int open,
            WorkloadPlan.Wait awaits,
            Optional<Instant> lookAgain) {}

    Decision decide(Rollout rollout) {
        places.surplus().forEach(node -> removals.put(pod(node), Reason.NO_PLACE));

        List<String> present = new ArrayList<>(places.added());
        List<String> replaced = new ArrayList<>();
        for (String node : places.kept()) {
            JsonObject pod = pod(node);
            Optional<String> reason = reasonToReplace(node, pod, rollout);
            if (reason.isPresent()) {
                removals.put(pod, reason.get());
                replaced.add(node);
            } else if (BrokerPod.isOver(pod) || !isCurrent(node, pod)) {
                // It waits for its time to be replaced; touching it would bring nothing.
                replaced.add(node);
            } else {
                present.add(node);
            }
        }
        present.sort(null);
        int open = places.open() + withoutSlot();
        return new Decision(present, replaced, removals, open, awaited(open), nextRetry());
    }

    /// Where a broker that is too many is not left pending, it is not made, or goes again, until a slot is free.
    private int takenByOthers() {
        if (dialect.maxBrokers(device) > device.capacity()) {
            return 0;
        }
        long others = device.slots().stream()
                .filter(slot -> slot.pod() != null && !slot.pod().equals(dialect.podName(device, slot.node())))
                .count();
        return (int) Math.min(device.capacity(), others);
    }

    private void removeSpares() {
        if (takenByOthers == 0) {
            return;
        }
        List<String> waiting = podByNode.entrySet().stream()
                .filter(entry -> BrokerPod.isWaitingForPlace(entry.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        int room = Math.max(0, device.capacity() - takenByOthers - (podByNode.size() - waiting.size()));
        for (String node : waiting.subList(Math.min(room, waiting.size()), waiting.size())) {
            JsonObject pod = podByNode.remove(node);
            if (pod != null) {
                removals.put(pod, Reason.NO_SLOT);
            }
        }
    }

    private int withoutSlot() {
        long online = device.nodes().stream()
                .filter(entry -> entry.presence() == Presence.ONLINE)
                .count();
        int wished = (int) Math.min(device.capacity(), online);
        int there = places.kept().size() + places.added().size();
        return Math.clamp(wished - there - places.open(), 0, takenByOthers);
    }

    private WorkloadPlan.Wait awaited(int open) {
        if (open == 0) {
            return WorkloadPlan.Wait.NOTHING;
        }
        if (withoutSlot() > 0) {
            return WorkloadPlan.Wait.SLOT;
        }
        boolean hasPredecessor =
                podByNode.values().stream().anyMatch(pod -> BrokerPod.isEnding(pod) || removals.containsKey(pod));
        if (hasPredecessor) {
            return WorkloadPlan.Wait.PREDECESSOR;
        }
        return nextRetry().isPresent() ? WorkloadPlan.Wait.PAUSE : WorkloadPlan.Wait.NODE;
    }

    private Optional<String> reasonToReplace(String node, JsonObject pod, Rollout rollout) {
        boolean canBeMadeAnew = isUsable(node) || (BrokerPod.isOver(pod) && hasUsableNodeWithoutPod());
        if (!canBeMadeAnew) {
            return Optional.empty();
        }
        if (BrokerPod.isOver(pod)) {
            return !isHeldBack(node) ? Optional.of(Reason.BROKER_FAILED) : Optional.empty();
        }
        // Its node would hand out the properties of before.
        boolean mayRoll = !isCurrent(node, pod) && !situation.uninformed().contains(node);
        return mayRoll && rollout.mayReplace(BrokerPod.isReady(pod))
                ? Optional.of(Reason.TEMPLATE_CHANGED)
                : Optional.empty();
    }

    private boolean isCurrent(String node, JsonObject pod) {
        return dialect.isMadeFrom(BrokerPod.hash(pod, dialect), hashes.apply(node));
    }

    private boolean isHeldBack(String node) {
        return situation
                .retries()
                .isHeldBack(dialect.podName(device, node), hashes.apply(node), device.presenceSince(), situation.now());
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
                        isHeldBack(entry.node()),
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
                .map(NodePresence::node)
                .filter(this::isHeldBack)
                .map(node -> situation.retries().notBefore().getOrDefault(dialect.podName(device, node), Instant.MIN))
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
