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
import java.time.Clock;
import org.springframework.stereotype.Component;

/// What every discovery works with, and whom it tells.
@Component
record Surroundings(
        NodeProperties node,
        DiscoveryHandlers handlers,
        PropertyValues values,
        Inventory inventory,
        Observations observations,
        Clock clock) {

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

    /// @return whether the registry shows, in its record, what this node has said of the Configuration
    boolean isHeard(Configuration record) {
        return record.status().nodes().stream()
                .anyMatch(discovery -> discovery.node().equals(node.nodeName()));
    }

    /// A registry that lost its database forgets what it hears of a Configuration before that has been brought in
    /// again.
    void sayAgain(Configuration record) {
        observations.sendAgain(record.key());
    }

    /// Nobody looks for this Configuration's devices any more.
    void forget(ConfigurationKey configuration) {
        values.forget(configuration);
        inventory.forget(configuration);
        observations.forget(configuration);
    }
}
