package dev.petiole.scheduler.configuration;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.configuration.ConfigurationStatus.Recovery;
import dev.petiole.scheduler.condition.Condition;
import dev.petiole.scheduler.condition.ConditionType;
import dev.petiole.scheduler.condition.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Says in conditions what the registry and the nodes make of a Configuration. Pure.
public final class ConfigurationConditions {

    private static final int MAX_NODES_NAMED = 5;
    private static final Comparator<NodeDiscovery> WORST_FIRST = Comparator.comparing(node -> severity(node.state()));

    private ConfigurationConditions() {}

    public static Condition accepted(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted _ ->
                Condition.isTrue(ConditionType.ACCEPTED, Reason.ACCEPTED, "The registry has the Configuration.");
            case Verdict.Refused(String message) -> Condition.isFalse(ConditionType.ACCEPTED, Reason.REFUSED, message);
            case Verdict.NameTaken(String message) ->
                Condition.isFalse(ConditionType.ACCEPTED, Reason.NAME_TAKEN, message);
            case Verdict.Unasked(String message) ->
                Condition.isUnknown(ConditionType.ACCEPTED, Reason.PENDING, message);
        };
    }

    /// True only when every node that was asked runs the handler for this generation.
    ///
    /// @param known the registry's copy, if there is one
    /// @param generation the one that the nodes should have
    public static Condition discovering(Optional<Configuration> known, long generation) {
        if (known.isEmpty()) {
            return Condition.isUnknown(
                    ConditionType.DISCOVERING, Reason.PENDING, "The registry does not have the Configuration yet.");
        }
        Recovery recovery = known.get().status().recovery();
        if (recovery != null) {
            return Condition.isUnknown(ConditionType.DISCOVERING, Reason.RECOVERING, recovering(recovery));
        }
        List<NodeDiscovery> nodes = known.get().status().nodes();
        if (nodes.isEmpty()) {
            return Condition.isFalse(
                    ConditionType.DISCOVERING,
                    Reason.NO_NODE,
                    "No node looks for the devices: none with a discovery service matches the node selector.");
        }
        List<NodeDiscovery> answered =
                nodes.stream().filter(node -> node.generation() == generation).toList();
        Optional<NodeDiscovery> worst = answered.stream()
                .filter(node -> node.state() != DiscoveryState.RUNNING)
                .min(WORST_FIRST);
        if (worst.isPresent()) {
            return Condition.isFalse(ConditionType.DISCOVERING, reason(worst.get()), troubles(answered));
        }
        if (answered.size() < nodes.size()) {
            return Condition.isFalse(
                    ConditionType.DISCOVERING,
                    Reason.AWAITING_NODES,
                    answered.size() + " of " + nodes.size() + " nodes have answered.");
        }
        return Condition.isTrue(
                ConditionType.DISCOVERING,
                Reason.RUNNING,
                nodes.size() == 1 ? "1 node looks for the devices." : nodes.size() + " nodes look for the devices.");
    }

    private static String recovering(Recovery recovery) {
        return recovery.awaitedNodes().isEmpty()
                ? "The registry has a new database and is told of the nodes; until then everything stays as it is."
                : "The registry has a new database and waits for what these nodes know: "
                        + named(recovery.awaitedNodes())
                        + ". Until then everything stays as it is. A node that is gone for good must be deleted or"
                        + " marked out-of-service.";
    }

    private static String troubles(List<NodeDiscovery> nodes) {
        Map<String, List<String>> nodesByMessage = new TreeMap<>();
        nodes.stream()
                .filter(node -> node.state() != DiscoveryState.RUNNING)
                .sorted(WORST_FIRST.thenComparing(NodeDiscovery::node))
                .forEach(node -> nodesByMessage
                        .computeIfAbsent(message(node), _ -> new ArrayList<>())
                        .add(node.node()));
        return nodesByMessage.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + named(entry.getValue()) + ")")
                .collect(Collectors.joining("; "));
    }

    private static String named(List<String> nodes) {
        String first = nodes.stream().limit(MAX_NODES_NAMED).collect(Collectors.joining(", "));
        return nodes.size() <= MAX_NODES_NAMED
                ? first
                : first + " and " + (nodes.size() - MAX_NODES_NAMED) + " more nodes";
    }

    private static String message(NodeDiscovery node) {
        String message = node.message();
        return message == null || message.isBlank() ? reason(node) : message;
    }

    private static String reason(NodeDiscovery node) {
        String reason = node.reason();
        return reason == null || reason.isBlank() ? Reason.DISCOVERY_TROUBLED : reason;
    }

    private static int severity(DiscoveryState state) {
        return switch (state) {
            case FAILED -> 0;
            case WAITING -> 1;
            case DEGRADED -> 2;
            case RUNNING -> 3;
        };
    }
}
