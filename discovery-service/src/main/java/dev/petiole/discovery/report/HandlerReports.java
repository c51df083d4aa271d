package dev.petiole.discovery.report;

import static dev.petiole.discovery.LogKeys.ERROR;
import static dev.petiole.discovery.LogKeys.HANDLER;

import dev.petiole.api.agent.AgentsApi;
import dev.petiole.api.agent.HandlerReport;
import dev.petiole.api.agent.HandlerReport.ReportedEndpoint;
import dev.petiole.api.agent.HandlerReport.ReportedHandler;
import dev.petiole.api.handler.HandlerKind;
import dev.petiole.discovery.NodeProperties;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.DiscoveryHandlers;
import dev.petiole.discovery.handler.HandlerStatus;
import dev.petiole.registry.client.RegistryProblem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Tells the registry which handlers there are and how they fare, when that changed. Not thread-safe.
@Component
final class HandlerReports {

    private static final Logger log = LoggerFactory.getLogger(HandlerReports.class);

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final AgentsApi agents;
    private final String node;
    private final DiscoveryHandlers handlers;
    private final JsonMapper json = JsonMapper.builder().build();
    private final Map<String, Schema> schemas = new HashMap<>();
    // What the registry has refused once: an external handler may say of itself what it likes.
    private final Set<String> withoutSchema = new HashSet<>();

    private long sequence;
    private @Nullable Sent sent;

    private record Schema(String text, @Nullable Map<String, Object> parsed) {}

    private record Sent(String session, List<ReportedHandler> handlers) {}

    HandlerReports(AgentsApi agents, NodeProperties node, DiscoveryHandlers handlers) {
        this.agents = agents;
        this.node = node.nodeName();
        this.handlers = handlers;
    }

    /// @param session the present one
    void send(String session) {
        List<DiscoveryHandler> all = handlers.list();
        Set<String> names = all.stream().map(DiscoveryHandler::name).collect(Collectors.toSet());
        schemas.keySet().retainAll(names);
        withoutSchema.retainAll(names);
        List<ReportedHandler> now = all.stream().map(this::report).toList();
        var report = new Sent(session, now);
        if (report.equals(sent)) {
            return;
        }
        try {
            agents.reportHandlers(node, new HandlerReport(session, ++sequence, now));
            sent = report;
        } catch (RegistryProblem e) {
            if (e.status() != 400 && e.status() != 404) {
                throw e;
            }
            log.atWarn().addKeyValue(ERROR, e.getMessage()).log("registry refused the report of handlers");
            sent = report;
            if (giveUpSchemas(now)) {
                send(session);
            }
        }
    }

    /// @return whether there is less to say now
    private boolean giveUpSchemas(List<ReportedHandler> refused) {
        List<ReportedHandler> withSchema = refused.stream()
                .filter(handler -> handler.detailsSchema() != null)
                .toList();
        boolean hasExternal = withSchema.stream().anyMatch(handler -> handler.kind() == HandlerKind.EXTERNAL);
        withSchema.stream()
                .filter(handler -> !hasExternal || handler.kind() == HandlerKind.EXTERNAL)
                .forEach(handler -> withoutSchema.add(handler.name()));
        return !withSchema.isEmpty();
    }

    private ReportedHandler report(DiscoveryHandler handler) {
        HandlerStatus status = handler.status();
        return new ReportedHandler(
                handler.name(),
                status.kind(),
                handler.isShared(),
                status.state(),
                status.message(),
                withoutSchema.contains(handler.name()) ? null : schema(handler),
                status.endpoints().stream()
                        .map(endpoint -> new ReportedEndpoint(endpoint.address(), endpoint.state(), endpoint.message()))
                        .toList());
    }

    private @Nullable Map<String, Object> schema(DiscoveryHandler handler) {
        String text = handler.detailsSchema().orElse(null);
        if (text == null) {
            return null;
        }
        Schema known = schemas.get(handler.name());
        if (known == null || !known.text().equals(text)) {
            known = new Schema(text, parsed(handler.name(), text));
            schemas.put(handler.name(), known);
        }
        return known.parsed();
    }

    private @Nullable Map<String, Object> parsed(String handler, String text) {
        try {
            return json.readValue(text, OBJECT);
        } catch (JacksonException e) {
            log.atWarn()
                    .addKeyValue(HANDLER, handler)
                    .addKeyValue(ERROR, e.getOriginalMessage())
                    .log("schema of the details is no JSON object");
            return null;
        }
    }
}
