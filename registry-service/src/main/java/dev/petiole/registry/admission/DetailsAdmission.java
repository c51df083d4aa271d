package dev.petiole.registry.admission;

import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.registry.admission.AdmissionReview.Request;
import dev.petiole.registry.admission.AdmissionReview.Response;
import dev.petiole.registry.admission.AdmissionReview.Status;
import dev.petiole.registry.handler.Handlers;
import dev.petiole.registry.problem.FieldError;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Looks at Configurations with the eyes of the handler they name. It judges nothing else: what has another shape than
/// expected passes, since the definition's schema and the discovery services say more about it.
@Component
final class DetailsAdmission {

    private static final int UNPROCESSABLE = 422;

    /// The API server cuts off what exceeds 4096 bytes in all.
    private static final int MAX_MESSAGE = 2_000;

    private final Handlers handlers;

    DetailsAdmission(Handlers handlers) {
        this.handlers = handlers;
    }

    Response judge(Request request) {
        String uid = request.uid() == null ? "" : request.uid();
        DiscoveryHandlerSpec wanted = handler(request.object());
        // What is wrong already stays correctable: labels and finalizers change without the details.
        if (wanted == null || wanted.equals(handler(request.oldObject()))) {
            return new Response(uid, true, null, null);
        }
        List<FieldError> errors = handlers.check(wanted);
        if (!errors.isEmpty()) {
            return new Response(uid, false, new Status(UNPROCESSABLE, "Invalid", message(wanted, errors)), null);
        }
        return new Response(uid, true, null, warnings(wanted));
    }

    private @Nullable List<String> warnings(DiscoveryHandlerSpec wanted) {
        List<String> known = handlers.names();
        return known.isEmpty() || known.contains(wanted.name())
                ? null
                : List.of("spec.discoveryHandler.name: no node offers a handler " + wanted.name() + " now (known: "
                        + String.join(", ", known) + "); the Configuration waits for one");
    }

    private static String message(DiscoveryHandlerSpec wanted, List<FieldError> errors) {
        String all = errors.stream()
                .map(error -> error.field() + " " + error.message())
                .collect(Collectors.joining("; "));
        String cut = all.length() > MAX_MESSAGE ? all.substring(0, MAX_MESSAGE) + "…" : all;
        return "handler " + wanted.name() + " does not take these details: " + cut;
    }

    private static @Nullable DiscoveryHandlerSpec handler(@Nullable JsonNode configuration) {
        if (configuration == null) {
            return null;
        }
        JsonNode name = configuration.at("/spec/discoveryHandler/name");
        JsonNode details = configuration.at("/spec/discoveryHandler/discoveryDetails");
        return name.isString() && (details.isString() || details.isMissingNode())
                ? new DiscoveryHandlerSpec(name.asString(), details.asString(""), null)
                : null;
    }
}
