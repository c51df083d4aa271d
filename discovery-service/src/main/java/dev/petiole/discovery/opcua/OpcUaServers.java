package dev.petiole.discovery.opcua;

import dev.petiole.discovery.handler.DiscoveredDevice;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/// How an OPC UA server becomes a device.
final class OpcUaServers {

    /// No name or URI is longer than this in earnest, and all of them become environment variables.
    private static final int MAX_TEXT = 1024;

    private OpcUaServers() {}

    /// Where to reach a server: its first `opc.tcp` discovery URL. Servers seldom know the name by which others reach
    /// them, so a host that means nothing here is replaced by the host that told of it.
    static Optional<DiscoveryUrl> findUrl(Application server, DiscoveryUrl asked, Hosts hosts) {
        return server.discoveryUrls().stream()
                .flatMap(url -> DiscoveryUrl.find(url).stream())
                .findFirst()
                .map(url -> hosts.isReachable(url.host(), asked.host()) ? url : url.withHost(asked.host()));
    }

    static DiscoveredDevice device(Application server, DiscoveryUrl url, EndpointFacts endpoints) {
        var properties = new LinkedHashMap<String, String>();
        properties.put("OPCUA_DISCOVERY_URL", url.toString());
        putIfKnown(properties, "OPCUA_APPLICATION_URI", server.uri());
        putIfKnown(properties, "OPCUA_APPLICATION_NAME", server.name());
        putIfKnown(properties, "OPCUA_PRODUCT_URI", server.productUri());
        putIfKnown(properties, "OPCUA_SECURITY_POLICIES", list(endpoints.securityPolicies()));
        putIfKnown(properties, "OPCUA_SECURITY_MODES", list(endpoints.securityModes()));
        putIfKnown(properties, "OPCUA_USER_TOKEN_TYPES", list(endpoints.userTokenTypes()));
        String identity = text(server.uri());
        return DiscoveredDevice.of(identity.isBlank() ? url.toString() : identity, properties)
                .withLocator(locator(server, url));
    }

    /// The URL as the server spells it.
    private static String locator(Application server, DiscoveryUrl url) {
        return server.discoveryUrls().stream()
                .filter(text -> DiscoveryUrl.find(text)
                        .filter(own -> own.normalized().equals(url.normalized()))
                        .isPresent())
                .findFirst()
                .orElseGet(url::toString);
    }

    private static void putIfKnown(Map<String, String> properties, String key, String value) {
        String text = text(value);
        if (!text.isBlank()) {
            properties.put(key, text);
        }
    }

    private static String list(SortedSet<String> values) {
        return String.join(",", values);
    }

    /// A stranger's text, made fit for an environment variable.
    private static String text(String value) {
        String line = value.replaceAll("\\p{Cntrl}", " ").strip();
        return line.length() > MAX_TEXT ? line.substring(0, MAX_TEXT) : line;
    }
}
