package dev.petiole.registry.observation;

import dev.petiole.api.agent.Observation;
import dev.petiole.api.agent.Observation.ObservedDevice;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.registry.configuration.ConfigurationRecord;
import dev.petiole.registry.device.AdmissionRules;
import dev.petiole.registry.device.DeviceChange;
import dev.petiole.registry.device.DeviceRecord;
import dev.petiole.registry.device.DeviceRecord.Origin;
import dev.petiole.registry.revision.Versioned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What an observation means for the devices of its Configuration.
final class ObservationRules {

    /// The reason a node's discovery gives when two devices would have one name.
    static final String NAME_COLLISION = "NameCollision";

    private ObservationRules() {}

    /// @param discovery how discovery fares on the node, as the Configuration's status tells it
    record Decision(List<DeviceChange> changes, NodeDiscovery discovery) {}

    /// @return whether the observation is about the Configuration as it is, on a node that is to look
    static boolean isAbout(ConfigurationRecord configuration, String node, Observation observation) {
        return configuration.uid().equals(observation.configurationUid())
                && configuration.generation() <= observation.generation()
                && configuration.spec().discoveryHandler().name().equals(observation.handler())
                && configuration.isFor(node);
    }

    /// @return what makes each observed device this one, in the order observed
    static List<Origin> origins(ConfigurationRecord configuration, String node, Observation observation) {
        List<ObservedDevice> devices = observation.devices();
        return devices == null
                ? List.of()
                : devices.stream()
                        .map(device -> origin(configuration, node, observation, device))
                        .toList();
    }

    /// @param known at least the Configuration's devices that the node has reported, and those that have the name of
    ///     an observed one
    static Decision decide(
            ConfigurationRecord configuration, List<Versioned<DeviceRecord>> known, Statement statement, Instant now) {
        Observation observation = statement.observation();
        List<ObservedDevice> observed = observation.devices();
        if (observed == null) {
            int devices = configuration
                    .findDiscovery(statement.node())
                    .map(NodeDiscovery::devices)
                    .orElse(0);
            return new Decision(List.of(), discovery(statement, devices, List.of()));
        }
        Map<String, Versioned<DeviceRecord>> byName = new HashMap<>();
        known.forEach(device -> byName.put(device.value().name(), device));
        Map<String, DeviceChange> changes = new HashMap<>();
        List<String> collisions = new ArrayList<>();
        for (ObservedDevice device : observed) {
            Origin origin = origin(configuration, statement.node(), observation, device);
            String name = origin.deviceName();
            Versioned<DeviceRecord> before = byName.get(name);
            boolean isTaken = changes.containsKey(name)
                    || (before != null && !before.value().isFrom(origin, statement.node()));
            if (isTaken) {
                collisions.add(device.identity());
                continue;
            }
            DeviceRecord present = before == null ? fresh(configuration, origin, now) : before.value();
            DeviceRecord seen = present.seenBy(statement.node(), device.properties(), now);
            changes.put(name, new DeviceChange(before, AdmissionRules.applied(configuration.spec(), seen, now)));
        }
        for (Versioned<DeviceRecord> device : observation.isComplete() ? known : List.<Versioned<DeviceRecord>>of()) {
            changes.computeIfAbsent(
                    device.value().name(),
                    _ -> new DeviceChange(device, device.value().missedBy(statement.node(), now)));
        }
        int count = observed.size() - collisions.size();
        return new Decision(List.copyOf(changes.values()), discovery(statement, count, collisions));
    }

    /// An observation and the node that sent it.
    record Statement(String node, Observation observation) {}

    private static DeviceRecord fresh(ConfigurationRecord configuration, Origin origin, Instant now) {
        return DeviceRecord.of(origin, configuration.spec().capacity(), Admission.PENDING, now)
                .withPolicy(configuration.spec().capacity(), configuration.labels());
    }

    private static Origin origin(
            ConfigurationRecord configuration, String node, Observation observation, ObservedDevice device) {
        return new Origin(
                configuration.key(),
                configuration.uid(),
                observation.handler(),
                device.identity(),
                observation.shared() ? null : node);
    }

    private static NodeDiscovery discovery(Statement statement, int devices, List<String> collisions) {
        Observation observation = statement.observation();
        if (collisions.isEmpty()) {
            return new NodeDiscovery(
                    statement.node(),
                    observation.state(),
                    observation.reason(),
                    observation.message(),
                    observation.generation(),
                    devices);
        }
        boolean isWorse = observation.state() != DiscoveryState.RUNNING;
        return new NodeDiscovery(
                statement.node(),
                isWorse ? observation.state() : DiscoveryState.DEGRADED,
                isWorse ? observation.reason() : NAME_COLLISION,
                "Left out, since a device of the same name is there already: " + sample(collisions) + ".",
                observation.generation(),
                devices);
    }

    private static String sample(List<String> identities) {
        String some = String.join(", ", identities.subList(0, Math.min(3, identities.size())));
        return identities.size() <= 3 ? some : some + " and " + (identities.size() - 3) + " more";
    }
}
