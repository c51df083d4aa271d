package dev.petiole.registry.configuration;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.Configuration.ManagedBy;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationStatus;
import dev.petiole.api.configuration.ConfigurationStatus.DeviceCounts;
import dev.petiole.api.configuration.ConfigurationStatus.MirrorFault;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.configuration.ConfigurationStatus.Recovery;
import dev.petiole.registry.revision.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the registry knows of a Configuration.
///
/// @param labels see [Configuration#labels]
/// @param discoveries by node, ordered by name
/// @param awaited null unless a rebuilt registry has yet to hear of its devices or holders: then the nodes it
///     waits for, ordered; empty while it does not know them
/// @param targets the nodes that its node selector matches, ordered; null if it has none and so matches every node
/// @param mirrorFault see [ConfigurationStatus#mirrorFault]
public record ConfigurationRecord(
        ConfigurationKey key,
        String uid,
        long generation,
        ManagedBy managedBy,
        Map<String, String> labels,
        ConfigurationSpec spec,
        List<NodeDiscovery> discoveries,
        DeviceCounts counts,
        @Nullable List<String> awaited,
        @Nullable List<String> targets,
        @Nullable MirrorFault mirrorFault) {

    /// Configurations in the log.
    public static final Kind<ConfigurationRecord> KIND =
            new Kind<>("configuration", ConfigurationRecord.class, ConfigurationRecord::toApi);

    public ConfigurationRecord {
        labels = Map.copyOf(labels);
        discoveries = List.copyOf(discoveries);
        awaited = awaited == null ? null : List.copyOf(awaited);
        targets = targets == null ? null : List.copyOf(targets);
    }

    static ConfigurationRecord of(
            ConfigurationKey key, String uid, long generation, ManagedBy managedBy, ConfigurationSpec spec) {
        return new ConfigurationRecord(
                key, uid, generation, managedBy, Map.of(), spec, List.of(), DeviceCounts.NONE, null, List.of(), null);
    }

    /// @return whether `node` is to look for its devices
    public boolean isFor(String node) {
        return targets == null || targets.contains(node);
    }

    /// @return what `node` last said of its discovery
    public Optional<NodeDiscovery> findDiscovery(String node) {
        return discoveries.stream().filter(each -> each.node().equals(node)).findFirst();
    }

    /// Puts the node's discovery in the place of its former one.
    public ConfigurationRecord withDiscovery(NodeDiscovery discovery) {
        List<NodeDiscovery> all = new ArrayList<>(discoveries);
        all.removeIf(each -> each.node().equals(discovery.node()));
        all.add(discovery);
        all.sort(Comparator.comparing(NodeDiscovery::node));
        return withDiscoveries(all);
    }

    public ConfigurationRecord withCounts(DeviceCounts newCounts) {
        return new ConfigurationRecord(
                key, uid, generation, managedBy, labels, spec, discoveries, newCounts, awaited, targets, mirrorFault);
    }

    /// @param nodes null ends the recovery
    ConfigurationRecord awaiting(@Nullable List<String> nodes) {
        return new ConfigurationRecord(
                key, uid, generation, managedBy, labels, spec, discoveries, counts, nodes, targets, mirrorFault);
    }

    /// @param fault null ends it
    ConfigurationRecord withMirrorFault(@Nullable MirrorFault fault) {
        return new ConfigurationRecord(
                key, uid, generation, managedBy, labels, spec, discoveries, counts, awaited, targets, fault);
    }

    boolean isRecovering() {
        return awaited != null;
    }

    ConfigurationRecord withoutDiscoveries(Predicate<String> ofNode) {
        return withDiscoveries(
                discoveries.stream().filter(each -> !ofNode.test(each.node())).toList());
    }

    ConfigurationRecord withSpec(ConfigurationSpec newSpec, long newGeneration) {
        return new ConfigurationRecord(
                key,
                uid,
                newGeneration,
                managedBy,
                labels,
                newSpec,
                discoveries,
                counts,
                awaited,
                targets,
                mirrorFault);
    }

    ConfigurationRecord withLabels(Map<String, String> newLabels) {
        return new ConfigurationRecord(
                key, uid, generation, managedBy, newLabels, spec, discoveries, counts, awaited, targets, mirrorFault);
    }

    /// Evaluates the node selector anew; what the nodes said that it no longer matches is forgotten.
    ConfigurationRecord retargeted(Map<String, Map<String, String>> labelsByNode) {
        List<String> matching = spec.nodeSelector().isEmpty()
                ? null
                : labelsByNode.entrySet().stream()
                        .filter(node -> node.getValue()
                                .entrySet()
                                .containsAll(spec.nodeSelector().entrySet()))
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList();
        var retargeted = new ConfigurationRecord(
                key, uid, generation, managedBy, labels, spec, discoveries, counts, awaited, matching, mirrorFault);
        return retargeted.withoutDiscoveries(node -> !retargeted.isFor(node));
    }

    Configuration toApi(String resourceVersion) {
        return new Configuration(
                key,
                uid,
                generation,
                managedBy,
                labels,
                spec,
                new ConfigurationStatus(discoveries, counts, mirrorFault, recovery()),
                resourceVersion);
    }

    private @Nullable Recovery recovery() {
        List<String> nodes = awaited;
        return nodes == null ? null : new Recovery(nodes);
    }

    private ConfigurationRecord withDiscoveries(List<NodeDiscovery> newDiscoveries) {
        return new ConfigurationRecord(
                key, uid, generation, managedBy, labels, spec, newDiscoveries, counts, awaited, targets, mirrorFault);
    }
}
