package dev.petiole.registry.handler;

import dev.petiole.api.agent.HandlerReport;
import dev.petiole.api.agent.HandlerReport.ReportedHandler;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.handler.Handler;
import dev.petiole.api.watch.ListPage;
import dev.petiole.registry.node.Leases;
import dev.petiole.registry.node.NodeListener;
import dev.petiole.registry.problem.FieldError;
import dev.petiole.registry.problem.NotFound;
import dev.petiole.registry.revision.Cursor;
import dev.petiole.registry.revision.Pages;
import dev.petiole.registry.revision.RegistryWriter;
import dev.petiole.registry.revision.RevisionLog;
import dev.petiole.registry.revision.Versioned;
import dev.petiole.registry.revision.WriteTransaction;
import dev.petiole.registry.watch.WatchFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// All discovery handlers of all nodes.
@Component
public final class Handlers implements NodeListener {

    private final HandlerStore store;
    private final Leases leases;
    private final RegistryWriter writer;
    private final RevisionLog revisions;
    private final Pages pages;

    Handlers(HandlerStore store, Leases leases, RegistryWriter writer, RevisionLog revisions, Pages pages) {
        this.store = store;
        this.leases = leases;
        this.writer = writer;
        this.revisions = revisions;
        this.pages = pages;
    }

    /// What a reader wants to see; null lets everything through.
    record Filter(@Nullable String name, @Nullable String node) {

        boolean matches(HandlerRecord handler) {
            return (name == null || name.equals(handler.name())) && (node == null || node.equals(handler.node()));
        }
    }

    /// Takes a node's report. An outdated one says nothing and is no error.
    public void report(String node, HandlerReport report) {
        HandlerReportRules.check(report);
        writer.write(transaction -> {
            leases.prove(transaction, node, report.session());
            boolean isNews = store.advance(node, report.session(), report.sequence());
            if (isNews) {
                apply(transaction, node, report.handlers());
            }
            return isNews;
        });
    }

    /// Looks at discovery details with the eyes of the handler they are for. Where nodes have different versions of it,
    /// it is enough that one of them takes the details; where no node tells, everything passes.
    ///
    /// @return what is wrong with them, by fields below `spec.discoveryHandler.discoveryDetails`
    public List<FieldError> check(DiscoveryHandlerSpec handler) {
        List<Map<String, Object>> schemas = store.listNamed(handler.name()).stream()
                .map(each -> each.value().detailsSchema())
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        List<FieldError> errors = List.of();
        for (Map<String, Object> schema : schemas) {
            errors = DetailsCheck.check(handler.discoveryDetails(), schema);
            if (errors.isEmpty()) {
                return errors;
            }
        }
        return errors;
    }

    /// @return the names of all handlers that nodes offer, ordered
    public List<String> names() {
        return store.names();
    }

    @Override
    public void nodeGone(WriteTransaction transaction, String node) {
        store.listOn(node).forEach(handler -> store.remove(transaction, handler));
        store.forgetReports(node);
    }

    Handler get(String node, String name) {
        Versioned<HandlerRecord> handler = store.find(node, name)
                .orElseThrow(() -> new NotFound("discovery handler " + name + " on node " + node));
        return handler.value().toApi(revisions.at(handler.revision()).toString());
    }

    ListPage<Handler> list(Filter filter, @Nullable Integer limit, @Nullable String cursor) {
        List<String> after = Cursor.parse(cursor, 2, revisions.epoch());
        return pages.page(
                Cursor.limit(limit),
                atMost -> store.listAfter(after, filter, atMost),
                handler -> List.of(handler.node(), handler.name()),
                HandlerRecord::toApi);
    }

    WatchFilter<HandlerRecord> watch(Filter filter) {
        return new WatchFilter<>(
                HandlerRecord.KIND,
                filter::matches,
                (position, limit) -> store.listAfter(position, filter, limit),
                handler -> List.of(handler.node(), handler.name()),
                List.of("", ""));
    }

    private void apply(WriteTransaction transaction, String node, List<ReportedHandler> reported) {
        Map<String, Versioned<HandlerRecord>> gone = new HashMap<>();
        store.listOn(node).forEach(handler -> gone.put(handler.value().name(), handler));
        for (ReportedHandler handler : reported) {
            Versioned<HandlerRecord> before = gone.remove(handler.name());
            store.put(
                    transaction,
                    before,
                    HandlerRecord.of(node, before == null ? null : before.value(), handler, transaction.now()));
        }
        gone.values().forEach(handler -> store.remove(transaction, handler));
    }
}
