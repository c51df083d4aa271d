package dev.petiole.registry.explain;

import dev.petiole.api.device.DeviceExplanation;
import dev.petiole.api.device.Slot;
import dev.petiole.registry.configuration.ConfigurationRecord;
import dev.petiole.registry.configuration.Configurations;
import dev.petiole.registry.device.DeviceKey;
import dev.petiole.registry.device.DeviceRecord;
import dev.petiole.registry.device.Devices;
import dev.petiole.registry.device.Sighting;
import dev.petiole.registry.explain.ExplainRules.Situation;
import dev.petiole.registry.node.NodeRecord;
import dev.petiole.registry.node.Nodes;
import dev.petiole.registry.problem.NotFound;
import dev.petiole.registry.revision.RevisionLog;
import dev.petiole.registry.revision.Snapshots;
import dev.petiole.registry.revision.Versioned;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/// Gathers what concerns a device, of one state of the registry, and lets the rules tell it.
@Component
final class Explanations {

    private final Devices devices;
    private final Configurations configurations;
    private final Nodes nodes;
    private final Snapshots snapshots;
    private final RevisionLog revisions;

    Explanations(
            Devices devices, Configurations configurations, Nodes nodes, Snapshots snapshots, RevisionLog revisions) {
        this.devices = devices;
        this.configurations = configurations;
        this.nodes = nodes;
        this.snapshots = snapshots;
        this.revisions = revisions;
    }

    DeviceExplanation explain(DeviceKey key) {
        return snapshots.read(revision -> {
            DeviceRecord device =
                    devices.find(key).map(Versioned::value).orElseThrow(() -> new NotFound("device " + key));
            ConfigurationRecord configuration =
                    configurations.find(device.configuration()).orElseThrow(() -> new NotFound("device " + key));
            var situation = new Situation(device, configuration, concerned(device), devices.retention());
            return new DeviceExplanation(
                    device.name(),
                    ExplainRules.summary(device),
                    ExplainRules.reasons(situation),
                    revisions.at(revision).toString());
        });
    }

    private Map<String, NodeRecord> concerned(DeviceRecord device) {
        Set<String> names = new TreeSet<>();
        device.sightings().stream().map(Sighting::node).forEach(names::add);
        device.slots().stream().map(Slot::node).forEach(names::add);
        Map<String, NodeRecord> concerned = new HashMap<>();
        names.forEach(name -> nodes.find(name).ifPresent(node -> concerned.put(name, node)));
        return concerned;
    }
}
