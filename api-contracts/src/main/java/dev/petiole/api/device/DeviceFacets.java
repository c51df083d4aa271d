package dev.petiole.api.device;

import dev.petiole.api.watch.Tagged;
import java.util.List;
import java.util.Map;

/// How many devices there are, by what was asked for.
///
/// @param total how many the filters let through
/// @param facets by facet, the most frequent values first, at most 1000 of each
public record DeviceFacets(int total, Map<String, List<Count>> facets, String resourceVersion) implements Tagged {

    public DeviceFacets {
        facets = Map.copyOf(facets);
    }

    /// How many devices have a value.
    public record Count(String value, int count) {}
}
