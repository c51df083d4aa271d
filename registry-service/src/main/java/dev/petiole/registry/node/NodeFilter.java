package dev.petiole.registry.node;

import dev.petiole.api.node.Node.LeaseState;
import dev.petiole.api.node.Node.NodeFacts;
import dev.petiole.registry.query.ListQuery;
import dev.petiole.registry.query.Term;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a reader of nodes wants to see; null or nothing lets everything through.
record NodeFilter(
        Set<LeaseState> leases,
        @Nullable String handler,
        List<Term> labels,
        @Nullable String text) {

    /// The names of the parameters that make a filter.
    static final Set<String> PARAMETERS = Set.of("lease", "handler", "label", "q");

    static NodeFilter of(ListQuery query) {
        return new NodeFilter(
                query.constants("lease", LeaseState.class),
                query.find("handler"),
                query.terms("label"),
                query.find("q"));
    }

    boolean matches(NodeRecord node) {
        return (leases.isEmpty() || leases.contains(node.lease()))
                && (handler == null
                        || node.handlers().stream().anyMatch(each -> each.name().equals(handler)))
                && labels.stream().allMatch(label -> fits(label, node.facts()))
                && (text == null || node.name().contains(text.toLowerCase(Locale.ROOT)));
    }

    private static boolean fits(Term label, @Nullable NodeFacts facts) {
        return facts != null && label.fits(facts.labels().get(label.key()));
    }
}
