package dev.petiole.e2e.quickstart;

import java.util.List;

/// One row of the table: a device, what Kubernetes shows of it, and what its broker says.
///
/// @param name of the Instance
/// @param address where the device answers
/// @param brokers the Pods that serve it
record Device(String name, String address, String presence, List<String> nodes, List<Broker> brokers) {

    Device {
        nodes = List.copyOf(nodes);
        brokers = List.copyOf(brokers);
    }

    boolean isServed() {
        return presence.equals("Online") && brokers.stream().anyMatch(Broker::hasStock);
    }

    /// @param stock what it counts, or why it does not say
    record Broker(String pod, String node, boolean hasStock, String stock) {}
}
