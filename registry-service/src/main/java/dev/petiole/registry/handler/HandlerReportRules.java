package dev.petiole.registry.handler;

import dev.petiole.api.agent.HandlerReport;
import dev.petiole.api.agent.HandlerReport.ReportedEndpoint;
import dev.petiole.api.agent.HandlerReport.ReportedHandler;
import dev.petiole.registry.problem.FieldError;
import dev.petiole.registry.problem.InvalidFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The limits within which a report must stay, so that it can be stored.
final class HandlerReportRules {

    private static final int MAX_SESSION = 64;
    private static final int MAX_HANDLERS = 200;
    private static final int MAX_ENDPOINTS = 64;
    private static final int MAX_NAME = 253;
    private static final int MAX_ADDRESS = 1_024;
    private static final int MAX_MESSAGE = 4_096;

    private final List<FieldError> errors = new ArrayList<>();

    private HandlerReportRules() {}

    /// @throws InvalidFields naming what is beyond the limits
    static void check(HandlerReport report) {
        var rules = new HandlerReportRules();
        rules.length("session", report.session(), MAX_SESSION);
        rules.size("handlers", report.handlers().size(), MAX_HANDLERS);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < Math.min(report.handlers().size(), MAX_HANDLERS); i++) {
            ReportedHandler handler = report.handlers().get(i);
            rules.handler("handlers[" + i + "]", handler);
            rules.unique("handlers[" + i + "].name", names.add(handler.name()));
        }
        if (!rules.errors.isEmpty()) {
            throw new InvalidFields(rules.errors.subList(0, Math.min(rules.errors.size(), 20)));
        }
    }

    private void handler(String path, ReportedHandler handler) {
        length(path + ".name", handler.name(), MAX_NAME);
        length(path + ".message", handler.message(), MAX_MESSAGE);
        Map<String, Object> schema = handler.detailsSchema();
        if (schema != null) {
            DetailsSchema.findFault(schema)
                    .ifPresent(fault -> errors.add(new FieldError(path + ".detailsSchema", fault)));
        }
        size(path + ".endpoints", handler.endpoints().size(), MAX_ENDPOINTS);
        Set<String> addresses = new HashSet<>();
        for (int i = 0; i < Math.min(handler.endpoints().size(), MAX_ENDPOINTS); i++) {
            ReportedEndpoint endpoint = handler.endpoints().get(i);
            length(path + ".endpoints[" + i + "].address", endpoint.address(), MAX_ADDRESS);
            length(path + ".endpoints[" + i + "].message", endpoint.message(), MAX_MESSAGE);
            unique(path + ".endpoints[" + i + "].address", addresses.add(endpoint.address()));
        }
    }

    private void unique(String field, boolean isUnique) {
        if (!isUnique) {
            errors.add(new FieldError(field, "must not be there twice"));
        }
    }

    private void length(String field, @Nullable String value, int atMost) {
        if (value != null && value.length() > atMost) {
            errors.add(new FieldError(field, "must have at most " + atMost + " characters"));
        }
    }

    private void size(String field, int size, int atMost) {
        if (size > atMost) {
            errors.add(new FieldError(field, "must have at most " + atMost + " items"));
        }
    }
}
