package dev.petiole.scheduler.instance;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.scheduler.condition.Reason;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import dev.petiole.scheduler.node.NodeState;
import dev.petiole.scheduler.registry.Epoch;
import dev.petiole.scheduler.workload.Removal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Decides which Instances there should be for one Configuration: one for each device that is approved and not offline.
///
/// That the registry has no record of a device is not news of its absence: the registry may have been rebuilt and not
/// have heard of it yet. The Instance then stays until every node that saw the device has answered for this
/// Configuration and does not list it.
public final class InstancePlanner {

    // A person's approval is mirrored here, since nothing else would remember it if the registry lost its database.
    private static final String APPROVED_IN = "petiole.dev/approved-in-epoch";

    private InstancePlanner() {}

    /// @param wanted whole Instances, but for the owner reference and status
    /// @param exposed the devices they show
    /// @param retained names of Instances that stay as they are
    /// @param approved devices that a registry approved which has lost its memory since, and is to be told again
    /// @param doubtful Instances that should go, though the registry has no record of them; see [AbsenceCheck]
    public record InstancePlan(
            List<JsonObject> wanted,
            List<Device> exposed,
            Set<String> retained,
            List<Removal> removals,
            List<Device> approved,
            List<JsonObject> doubtful) {
        public InstancePlan {
            wanted = List.copyOf(wanted);
            exposed = List.copyOf(exposed);
            retained = Set.copyOf(retained);
            removals = List.copyOf(removals);
            approved = List.copyOf(approved);
            doubtful = List.copyOf(doubtful);
        }
    }

    /// @param object the Configuration in the cluster
    /// @param known the Configuration as the registry has it
    /// @param devices all that the registry has of it
    /// @param instances those of the Configuration that are in the cluster
    /// @param nodes all nodes of the cluster, by name
    public record Situation(
            JsonObject object,
            Configuration known,
            List<Device> devices,
            List<JsonObject> instances,
            Map<String, NodeState> nodes) {}

    public static InstancePlan plan(Dialect dialect, Situation situation) {
        List<Device> exposed = new ArrayList<>();
        Set<String> recorded = new HashSet<>();
        for (Device device : situation.devices()) {
            // Those of a namesake that was deleted are no concern of this one.
            if (device.configurationUid().equals(situation.known().uid())) {
                recorded.add(device.name());
                if (isExposed(device)) {
                    exposed.add(device);
                }
            }
        }
        Set<String> names = new HashSet<>();
        List<JsonObject> wanted = new ArrayList<>();
        for (Device device : exposed) {
            names.add(device.name());
            wanted.add(instance(dialect, situation.object(), device));
        }
        Set<String> retained = new HashSet<>();
        List<Removal> removals = new ArrayList<>();
        List<JsonObject> doubtful = new ArrayList<>();
        List<Device> approved = new ArrayList<>();
        for (JsonObject instance : situation.instances()) {
            String name = Json.text(instance, "metadata", "name");
            if (names.contains(name) || Json.at(instance, "metadata", "deletionTimestamp") != null) {
                continue;
            }
            Optional<Device> forgotten = findForgotten(instance, situation);
            if (forgotten.isPresent()) {
                approved.add(forgotten.get());
                retained.add(name);
            } else if (recorded.contains(name)) {
                removals.add(removal(instance, reason(name, situation)));
            } else if (isDenied(instance, situation.known(), situation.nodes())) {
                doubtful.add(instance);
            } else {
                retained.add(name);
            }
        }
        return new InstancePlan(wanted, exposed, retained, removals, approved, doubtful);
    }

    /// @return the device, if it is only pending because the registry has forgotten that someone approved it
    private static Optional<Device> findForgotten(JsonObject instance, Situation situation) {
        String approvedIn = Json.text(instance, "metadata", "annotations", APPROVED_IN);
        String name = Json.text(instance, "metadata", "name");
        return situation.devices().stream()
                .filter(device -> device.name().equals(name)
                        && device.admission() == Admission.PENDING
                        && device.presence() != Presence.OFFLINE)
                .filter(device -> !approvedIn.isEmpty() && !approvedIn.equals(Epoch.of(device.resourceVersion())))
                .findFirst();
    }

    /// @return the removal of this very Instance
    public static Removal removal(JsonObject instance, String reason) {
        return new Removal(ObjectKey.of(instance), Json.text(instance, "metadata", "uid"), reason);
    }

    private static boolean isExposed(Device device) {
        return device.admission() == Admission.APPROVED && device.presence() != Presence.OFFLINE;
    }

    private static String reason(String name, Situation situation) {
        boolean isOffline = situation.devices().stream()
                .filter(device -> device.name().equals(name))
                .allMatch(device -> device.presence() == Presence.OFFLINE);
        return isOffline ? Reason.OFFLINE : Reason.WITHDRAWN;
    }

    /// @return whether every node that saw the device, and still may, has looked and does not see it
    static boolean isDenied(JsonObject instance, Configuration known, Map<String, NodeState> nodes) {
        Map<String, NodeDiscovery> answers = new TreeMap<>();
        known.status().nodes().forEach(answer -> answers.put(answer.node(), answer));
        for (String node : nodesOf(instance)) {
            NodeState state = nodes.get(node);
            boolean mayLook = state != null && state.matches(known.spec().nodeSelector());
            if (mayLook && !hasAnswered(answers.get(node), known)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasAnswered(@Nullable NodeDiscovery answer, Configuration known) {
        return answer != null
                && answer.generation() == known.generation()
                && (answer.state() == DiscoveryState.RUNNING || answer.state() == DiscoveryState.DEGRADED);
    }

    /// @return nodes that the Instance names as seeing the device, of which the registry's record says nothing
    public static Set<String> unmentioned(JsonObject instance, Device device) {
        Set<String> nodes = new HashSet<>(nodesOf(instance));
        device.nodes().forEach(entry -> nodes.remove(entry.node()));
        return nodes;
    }

    private static List<String> nodesOf(JsonObject instance) {
        List<String> nodes = new ArrayList<>();
        var array = Json.at(instance, "spec", "nodes");
        if (array != null && array.isJsonArray()) {
            array.getAsJsonArray().forEach(node -> nodes.add(node.getAsString()));
        }
        return nodes;
    }

    private static JsonObject instance(Dialect dialect, JsonObject configuration, Device device) {
        String name = Json.text(configuration, "metadata", "name");
        var metadata = new JsonObject();
        metadata.addProperty("namespace", Json.text(configuration, "metadata", "namespace"));
        metadata.addProperty("name", device.name());
        Map<String, String> labels = dialect.instanceLabels(name);
        if (!labels.isEmpty()) {
            metadata.add("labels", Json.of(labels));
            if (device.decision() != null) {
                Json.child(metadata, "annotations").addProperty(APPROVED_IN, Epoch.of(device.resourceVersion()));
            }
        }

        Map<String, String> properties = new TreeMap<>(device.properties());
        properties.putAll(Json.texts(configuration, "spec", "brokerProperties"));
        JsonObject spec = dialect.instanceSpec(device);
        spec.addProperty("configurationName", name);
        spec.addProperty("capacity", device.capacity());
        spec.addProperty("shared", device.shared());
        spec.add("nodes", Json.array(seenBy(device)));
        spec.add("brokerProperties", Json.of(properties));

        var instance = new JsonObject();
        instance.addProperty("apiVersion", dialect.instances().apiVersion());
        instance.addProperty("kind", dialect.instances().kind());
        instance.add("metadata", metadata);
        instance.add("spec", spec);
        return instance;
    }

    private static List<String> seenBy(Device device) {
        return device.nodes().stream()
                .filter(entry -> entry.presence() != Presence.OFFLINE)
                .map(NodePresence::node)
                .sorted()
                .toList();
    }
}
