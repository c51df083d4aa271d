package dev.petiole.registry.node;

import dev.petiole.api.node.Node.LeaseState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/// How many nodes there are, by the state of their lease.
@Component
final class LeaseMeters {

    LeaseMeters(MeterRegistry registry, NodeStore store) {
        show(registry, store, LeaseState.ACTIVE, "Active");
        show(registry, store, LeaseState.EXPIRED, "Expired");
        show(registry, store, LeaseState.NONE, "None");
    }

    private static void show(MeterRegistry registry, NodeStore store, LeaseState state, String name) {
        Gauge.builder("petiole.registry.nodes", store, nodes -> nodes.count(state))
                .description("Nodes, by the state of their lease")
                .tag("lease", name)
                .register(registry);
    }
}
