package dev.petiole.registry.handler;

import dev.petiole.api.agent.HandlerReport.ReportedEndpoint;
import dev.petiole.api.agent.HandlerReport.ReportedHandler;
import dev.petiole.api.handler.Handler;
import dev.petiole.api.handler.Handler.Endpoint;
import dev.petiole.api.handler.HandlerKind;
import dev.petiole.registry.revision.Kind;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the registry knows of a handler on a node.
///
/// @param endpoints ordered by address
record HandlerRecord(
        String node,
        String name,
        HandlerKind kind,
        boolean shared,
        Health health,
        @Nullable Map<String, Object> detailsSchema,
        List<EndpointRecord> endpoints) {

    /// Handlers in the log.
    static final Kind<HandlerRecord> KIND = new Kind<>("handler", HandlerRecord.class, HandlerRecord::toApi);

    HandlerRecord {
        endpoints = endpoints.stream()
                .sorted(Comparator.comparing(EndpointRecord::address))
                .toList();
    }

    /// One way to an external handler.
    record EndpointRecord(String address, Health health) {

        Endpoint toApi() {
            return new Endpoint(address, health.state(), health.since(), health.lastError());
        }
    }

    /// @param before what was known of it; null if nothing
    static HandlerRecord of(String node, @Nullable HandlerRecord before, ReportedHandler reported, Instant now) {
        List<EndpointRecord> known = before == null ? List.of() : before.endpoints;
        return new HandlerRecord(
                node,
                reported.name(),
                reported.kind(),
                reported.shared(),
                Health.after(before == null ? null : before.health, reported.state(), reported.message(), now),
                reported.detailsSchema(),
                reported.endpoints().stream()
                        .map(endpoint -> endpoint(known, endpoint, now))
                        .toList());
    }

    String key() {
        return node + "/" + name;
    }

    Handler toApi(String resourceVersion) {
        return new Handler(
                node,
                name,
                kind,
                shared,
                health.state(),
                health.since(),
                health.lastError(),
                detailsSchema,
                endpoints.stream().map(EndpointRecord::toApi).toList(),
                resourceVersion);
    }

    private static EndpointRecord endpoint(List<EndpointRecord> known, ReportedEndpoint reported, Instant now) {
        Health before = known.stream()
                .filter(each -> each.address().equals(reported.address()))
                .map(EndpointRecord::health)
                .findFirst()
                .orElse(null);
        return new EndpointRecord(reported.address(), Health.after(before, reported.state(), reported.message(), now));
    }
}
