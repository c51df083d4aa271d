package dev.petiole.discovery.onvif;

import java.util.Collection;
import java.util.Set;

/// Akri's filter list: which devices count, by values they have.
///
/// @param items with `Include`, one of them must be among the device's values; with `Exclude`, none may be
record ValueFilter(Action action, Set<String> items) {

    static final ValueFilter ALL = new ValueFilter(Action.Exclude, Set.of());

    ValueFilter {
        items = Set.copyOf(items);
    }

    boolean accepts(Collection<String> values) {
        return values.stream().anyMatch(items::contains) == (action == Action.Include);
    }

    /// A device whose values can't be read counts only if none could keep it out.
    boolean acceptsUnknown() {
        return action == Action.Exclude && items.isEmpty();
    }

    /// Named as in the details.
    enum Action {
        Include,
        Exclude
    }
}
