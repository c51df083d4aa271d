package dev.petiole.discovery.session;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.discovery.NodeProperties;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.DiscoveryHandlers;
import dev.petiole.discovery.inventory.Inventory;
import dev.petiole.discovery.property.PropertyValues;
import dev.petiole.discovery.report.Observations;
import dev.petiole.discovery.report.Statement;
import org.springframework.stereotype.Component;

/// What every discovery works with, and whom it tells.
@Component
record Surroundings(
        NodeProperties node,
        DiscoveryHandlers handlers,
        PropertyValues values,
        Inventory inventory,
        Observations observations) {

    Plan plan(Configuration configuration) {
        return Plan.of(configuration, handlers, values);
    }

    void state(Configuration configuration, Outcome outcome) {
        String handler = configuration.spec().discoveryHandler().name();
        observations.state(new Statement(
                configuration.key(),
                configuration.uid(),
                configuration.generation(),
                handler,
                handlers.find(handler).map(DiscoveryHandler::isShared).orElse(false),
                outcome.state(),
                outcome.reason(),
                outcome.message(),
                outcome.devices(),
                outcome.isPartial()));
    }

    /// A registry that lost its database forgets what it hears of a Configuration before that has been brought in
    /// again.
    ///
    /// @param configuration as the registry knows it after it has been told
    void stateAgainUnlessHeard(Configuration configuration) {
        boolean isHeard = configuration.status().nodes().stream()
                .anyMatch(discovery -> discovery.node().equals(node.nodeName()));
        if (!isHeard) {
            observations.sendAgain(configuration.key());
        }
    }

    /// Nobody looks for this Configuration's devices any more.
    void forget(ConfigurationKey configuration) {
        values.forget(configuration);
        inventory.forget(configuration);
        observations.forget(configuration);
    }
}
