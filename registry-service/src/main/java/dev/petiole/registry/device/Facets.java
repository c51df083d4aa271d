package dev.petiole.registry.device;

import dev.petiole.api.device.DeviceFacets;
import dev.petiole.api.device.DeviceFacets.Count;
import dev.petiole.registry.problem.InvalidFields;
import dev.petiole.registry.query.Term;
import dev.petiole.registry.revision.RevisionLog;
import dev.petiole.registry.revision.Snapshots;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/// Counts devices by what they have in common.
@Component
final class Facets {

    private static final int MAX_VALUES = 1_000;
    private static final int MAX_FACETS = 10;
    private static final String LABEL = "label:";
    private static final String PROPERTY = "property:";

    private final DeviceSearchStore store;
    private final Snapshots snapshots;
    private final RevisionLog revisions;

    Facets(DeviceSearchStore store, Snapshots snapshots, RevisionLog revisions) {
        this.store = store;
        this.snapshots = snapshots;
        this.revisions = revisions;
    }

    /// @param by the facets wanted
    DeviceFacets count(DeviceFilter filter, List<String> by) {
        if (by.isEmpty() || by.size() > MAX_FACETS) {
            throw new InvalidFields("by", "must be given 1 to " + MAX_FACETS + " times");
        }
        return snapshots.read(revision -> {
            Map<String, List<Count>> facets = new LinkedHashMap<>();
            by.forEach(facet -> facets.put(facet, mostFrequent(countBy(filter, facet))));
            return new DeviceFacets(
                    store.count(filter), facets, revisions.at(revision).toString());
        });
    }

    private Map<String, Integer> countBy(DeviceFilter filter, String facet) {
        if (facet.startsWith(LABEL)) {
            String key = facet.substring(LABEL.length());
            return store.countByTerm(filter, SearchTexts.label(new Term(key, null)));
        }
        if (facet.startsWith(PROPERTY)) {
            String name = facet.substring(PROPERTY.length());
            return store.countByTerm(filter, SearchTexts.property(new Term(name, null)));
        }
        return switch (facet) {
            case "group" -> store.countBy(filter, "d.config_group");
            case "namespace" -> store.countBy(filter, "d.namespace");
            case "configuration" -> store.countBy(filter, "d.configuration");
            case "handler" -> store.countBy(filter, "d.handler");
            case "presence" -> store.countBy(filter, "d.presence");
            case "admission" -> store.countBy(filter, "d.admission");
            case "node" -> store.countByNode(filter);
            default ->
                throw new InvalidFields(
                        "by",
                        "must be one of group, namespace, configuration, handler, presence, admission, node, label:KEY, "
                                + "property:NAME");
        };
    }

    private static List<Count> mostFrequent(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(entry -> new Count(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingInt(Count::count).reversed().thenComparing(Count::value))
                .limit(MAX_VALUES)
                .toList();
    }
}
