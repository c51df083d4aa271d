package dev.petiole.discovery.opcua;

import java.util.List;

/// What FindServers says of one application (OPC UA Part 4 §7.2), reduced to what discovery needs.
///
/// @param uri unique in the world; empty if the server does not say it
/// @param isServer whether others can connect to it: a Server or a ClientAndServer
record Application(String uri, String name, String productUri, boolean isServer, List<String> discoveryUrls) {

    Application {
        discoveryUrls = List.copyOf(discoveryUrls);
    }
}
