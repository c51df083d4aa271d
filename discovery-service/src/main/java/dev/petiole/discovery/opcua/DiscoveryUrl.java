package dev.petiole.discovery.opcua;

import dev.petiole.discovery.handler.InvalidDetails;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where an OPC UA server or a discovery server answers over `opc.tcp` (OPC UA Part 6 §7.2).
///
/// @param host a name or an address; an IPv6 address in brackets
/// @param path empty, or beginning with `/`
record DiscoveryUrl(String host, int port, String path) {

    /// OPC UA Part 6 §7.2: the registered port.
    static final int DEFAULT_PORT = 4840;

    private static final int MAX_LENGTH = 2048;
    private static final Pattern SYNTAX =
            Pattern.compile("(?i:opc\\.tcp)://(\\[[0-9A-Fa-f:.%]+]|[^\\s/:\\[\\]]+)(?::(\\d{1,5}))?(/[^\\s]*)?");

    /// @param field what to call it in the message
    /// @throws InvalidDetails if it is not an `opc.tcp` URL with a port
    static DiscoveryUrl parse(String field, String text) {
        Matcher parts = SYNTAX.matcher(text);
        if (parts.matches() && parts.group(2) == null) {
            throw new InvalidDetails(field + ": '" + text + "' has no port (expected: opc.tcp://<host>:<port>/)");
        }
        return find(text)
                .orElseThrow(() -> new InvalidDetails(
                        field + ": '" + text + "' is not an OPC UA URL (expected: opc.tcp://<host>:<port>/)"));
    }

    /// Reads what a server says of itself; without a port it is 4840.
    static Optional<DiscoveryUrl> find(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Matcher parts = SYNTAX.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int port = parts.group(2) == null ? DEFAULT_PORT : Integer.parseInt(parts.group(2));
        if (port < 1 || port > 65535) {
            return Optional.empty();
        }
        String path = parts.group(3) == null ? "" : parts.group(3);
        return Optional.of(new DiscoveryUrl(parts.group(1).toLowerCase(Locale.ROOT), port, path));
    }

    /// @param path empty, or beginning with `/`
    static DiscoveryUrl at(InetAddress address, int port, String path) {
        String host = address.getHostAddress();
        return new DiscoveryUrl(address instanceof Inet6Address ? "[" + host + "]" : host, port, path);
    }

    DiscoveryUrl withHost(String other) {
        return new DiscoveryUrl(other, port, path);
    }

    /// The form that is equal for URLs that mean the same.
    DiscoveryUrl normalized() {
        return path.isEmpty() ? new DiscoveryUrl(host, port, "/") : this;
    }

    @Override
    public String toString() {
        return "opc.tcp://" + host + ":" + port + path;
    }
}
