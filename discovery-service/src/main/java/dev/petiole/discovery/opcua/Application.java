package dev.petiole.discovery.opcua;

import java.util.List;

/// What FindServers says of one application (OPC UA Part 4 §7.2), reduced to what discovery needs.
///
/// @param uri unique in the world; empty if the server does not say it
/// @param isServer whether others can connect to it: a Server or a ClientAndServer
/// @param isDiscoveryServer whether it knows other servers
record Application(
        String uri,
        String name,
        String productUri,
        boolean isServer,
        boolean isDiscoveryServer,
        List<String> discoveryUrls) {

    Application {
        discoveryUrls = List.copyOf(discoveryUrls);
    }

    /// The same, with hosts that mean nothing here replaced by the one that answered.
    Application withHost(DiscoveryUrl answered, Hosts hosts) {
        List<String> reachable = OpcUaServers.findUrl(this, answered, hosts).stream()
                .map(DiscoveryUrl::toString)
                .toList();
        return new Application(uri, name, productUri, isServer, isDiscoveryServer, reachable);
    }
}
