package dev.petiole.registry.configuration;

import dev.petiole.api.configuration.Configuration.ManagedBy;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.registry.query.ListQuery;
import dev.petiole.registry.query.Term;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a reader of Configurations wants to see; null or nothing lets everything through.
///
/// @param node only those whose node selector matches this node
/// @param text what its name, labels or discovery details must contain, whatever its case
record ConfigurationFilter(
        @Nullable String group,
        @Nullable String namespace,
        @Nullable String node,
        @Nullable String handler,
        Set<ManagedBy> managers,
        List<Term> labels,
        @Nullable String text) {

    /// The names of the parameters that make a filter.
    static final Set<String> PARAMETERS = Set.of("group", "namespace", "node", "handler", "managedBy", "label", "q");

    static ConfigurationFilter of(ListQuery query) {
        return new ConfigurationFilter(
                query.find("group"),
                query.find("namespace"),
                query.find("node"),
                query.find("handler"),
                query.constants("managedBy", ManagedBy.class),
                query.terms("label"),
                query.find("q"));
    }

    boolean matches(ConfigurationRecord configuration) {
        ConfigurationKey key = configuration.key();
        return (group == null || group.equals(key.group()))
                && (namespace == null || namespace.equals(key.namespace()))
                && (node == null || configuration.isFor(node))
                && (handler == null
                        || handler.equals(
                                configuration.spec().discoveryHandler().name()))
                && (managers.isEmpty() || managers.contains(configuration.managedBy()))
                && labels.stream()
                        .allMatch(label -> label.fits(configuration.labels().get(label.key())))
                && (text == null || contains(configuration, text.toLowerCase(Locale.ROOT)));
    }

    private static boolean contains(ConfigurationRecord configuration, String text) {
        String words = configuration.key().name() + "\n" + configuration.labels() + "\n"
                + configuration.spec().discoveryHandler().discoveryDetails();
        return words.toLowerCase(Locale.ROOT).contains(text);
    }
}
