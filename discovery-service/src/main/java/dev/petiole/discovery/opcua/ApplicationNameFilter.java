package dev.petiole.discovery.opcua;

import java.util.List;

/// Which servers count, by their exact application name.
///
/// @param items with `Include`, the only names that count; with `Exclude`, the only ones that don't
record ApplicationNameFilter(Action action, List<String> items) {

    static final ApplicationNameFilter ALL = new ApplicationNameFilter(Action.Exclude, List.of());

    ApplicationNameFilter {
        items = List.copyOf(items);
    }

    boolean accepts(String applicationName) {
        return items.contains(applicationName) == (action == Action.Include);
    }

    /// Named as in the details.
    enum Action {
        Include,
        Exclude
    }
}
