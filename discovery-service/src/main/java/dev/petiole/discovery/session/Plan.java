package dev.petiole.discovery.session;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.DiscoveryHandlers;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.property.PropertyValues;
import dev.petiole.discovery.property.Resolution;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a discovery is to do, as far as that is known now.
sealed interface Plan {

    /// Run.
    ///
    /// @param origins where the properties come from that are not in the Configuration itself, by name
    record Run(DiscoveryHandler handler, HandlerInput input, Map<String, String> origins) implements Plan {

        /// Leaves out the input, which may hold secrets.
        @Override
        public String toString() {
            return "Run[handler=" + handler.name() + "]";
        }
    }

    /// Wait until something changes.
    record Await(Outcome outcome) implements Plan {}

    static Plan of(Configuration configuration, DiscoveryHandlers handlers, PropertyValues values) {
        DiscoveryHandlerSpec spec = configuration.spec().discoveryHandler();
        Optional<DiscoveryHandler> handler = handlers.find(spec.name());
        if (handler.isEmpty()) {
            String offered =
                    handlers.list().stream().map(DiscoveryHandler::name).collect(Collectors.joining(", "));
            return new Await(Outcome.withoutDevices(
                    DiscoveryState.WAITING,
                    DiscoveryReason.HANDLER_NOT_FOUND,
                    "no discovery handler '" + spec.name() + "' on this node (available: " + offered + ")"));
        }
        return switch (values.resolve(configuration.key(), spec.discoveryProperties())) {
            case Resolution.Resolved(var properties, var origins, var binary) ->
                new Run(handler.get(), new HandlerInput(spec.discoveryDetails(), properties, binary), origins);
            case Resolution.Unresolved(var reason, var message) ->
                new Await(Outcome.withoutDevices(DiscoveryState.WAITING, reason, message));
            case Resolution.Pending _ -> new Await(Outcome.NOTHING_YET);
        };
    }
}
