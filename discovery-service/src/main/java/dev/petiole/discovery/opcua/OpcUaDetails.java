package dev.petiole.discovery.opcua;

import dev.petiole.discovery.handler.AddressRange;
import dev.petiole.discovery.handler.InvalidDetails;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/// Discovery details as they are written.
///
/// @param opcuaDiscoveryMethod where to ask
/// @param applicationNames which servers to keep, by application name; all if absent
/// @param pollInterval how often a URL is asked at least; 5 s if absent
/// @param timeout how long an answer may take; 3 s if absent
record OpcUaDetails(
        @Nullable Method opcuaDiscoveryMethod,
        @Nullable Names applicationNames,
        @Nullable String pollInterval,
        @Nullable String timeout) {

    private static final String METHOD = "discoveryDetails.opcuaDiscoveryMethod";
    private static final String DEFAULT_URL = "opc.tcp://localhost:4840/";
    private static final int MAX_URLS = 256;
    private static final int MAX_PORTS = 8;
    private static final int MAX_SCANNED = AddressRange.MAX_ADDRESSES;
    private static final String METHOD_SCAN_INTERVAL = "opcuaDiscoveryMethod.scan.interval";
    private static final Duration DEFAULT_SCAN_INTERVAL = Duration.ofMinutes(5);

    /// @throws InvalidDetails naming the field that makes no sense
    OpcUaQuery toQuery() {
        return new OpcUaQuery(
                discoveryUrls(),
                scan(),
                method().mdns() != null,
                applicationNames == null ? ApplicationNameFilter.ALL : applicationNames.toFilter(),
                duration("pollInterval", pollInterval, OpcUaQuery.DEFAULT_POLL_INTERVAL),
                duration("timeout", timeout, OpcUaQuery.DEFAULT_TIMEOUT));
    }

    private Method method() {
        Method method = opcuaDiscoveryMethod;
        if (method == null || (method.standard() == null && method.scan() == null && method.mdns() == null)) {
            throw new InvalidDetails(
                    METHOD + ": missing (expected: standard: {discoveryUrls: [" + DEFAULT_URL + "]}, scan or mdns)");
        }
        return method;
    }

    private List<DiscoveryUrl> discoveryUrls() {
        Standard standard = method().standard();
        if (standard == null) {
            return List.of();
        }
        List<String> given = standard.discoveryUrls();
        List<String> urls = given == null ? List.of(DEFAULT_URL) : given;
        String field = METHOD + ".standard.discoveryUrls";
        if (urls.isEmpty() || urls.size() > MAX_URLS) {
            throw new InvalidDetails(field + ": " + urls.size() + " URLs (expected: 1 to " + MAX_URLS + ")");
        }
        return IntStream.range(0, urls.size())
                .mapToObj(i -> DiscoveryUrl.parse(field + "[" + i + "]", urls.get(i)))
                .distinct()
                .toList();
    }

    private OpcUaQuery.Scan scan() {
        ScanDetails scan = method().scan();
        if (scan == null) {
            return OpcUaQuery.Scan.NONE;
        }
        List<Integer> ports = scan.ports() == null ? List.of(DiscoveryUrl.DEFAULT_PORT) : scan.ports();
        if (ports.isEmpty() || ports.size() > MAX_PORTS || ports.stream().anyMatch(port -> port < 1 || port > 65535)) {
            throw new InvalidDetails(
                    METHOD + ".scan.ports: " + ports + " (expected: 1 to " + MAX_PORTS + " ports from 1 to 65535)");
        }
        List<InetAddress> addresses = addresses(scan.addresses() == null ? List.of() : scan.addresses());
        if (addresses.isEmpty()) {
            throw new InvalidDetails(
                    METHOD + ".scan.addresses: none (expected: addresses or CIDRs of your own network)");
        }
        return new OpcUaQuery.Scan(
                addresses, ports, duration(METHOD_SCAN_INTERVAL, scan.interval(), DEFAULT_SCAN_INTERVAL));
    }

    private static List<InetAddress> addresses(List<String> texts) {
        var all = new LinkedHashSet<InetAddress>();
        for (int i = 0; i < texts.size(); i++) {
            String field = METHOD + ".scan.addresses[" + i + "]";
            try {
                all.addAll(AddressRange.parse(texts.get(i))
                        .orElseThrow(() -> new InvalidDetails(
                                field + ": not an address (expected: one such as 10.0.0.7 or 10.0.0.0/24)"))
                        .addresses());
            } catch (IllegalArgumentException e) {
                throw new InvalidDetails(
                        field + ": too many addresses (expected: at most " + MAX_SCANNED + " in all)", e);
            }
        }
        if (all.size() > MAX_SCANNED) {
            throw new InvalidDetails(METHOD + ".scan.addresses: " + all.size() + " addresses (expected: at most "
                    + MAX_SCANNED + " in all)");
        }
        return List.copyOf(all);
    }

    private static Duration duration(String field, @Nullable String text, Duration ifAbsent) {
        if (text == null) {
            return ifAbsent;
        }
        try {
            Duration duration = DurationStyle.detectAndParse(text.strip());
            if (duration.compareTo(OpcUaQuery.SHORTEST) >= 0 && duration.compareTo(OpcUaQuery.LONGEST) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidDetails(expected(field, text), e);
        }
        throw new InvalidDetails(expected(field, text));
    }

    private static String expected(String field, String text) {
        return "discoveryDetails." + field + ": '" + text + "' (expected: a duration from 100ms to 1h, such as 5s)";
    }

    /// @param standard servers and discovery servers at given URLs, as Akri's
    /// @param scan a network that is swept for servers
    /// @param mdns servers that announce themselves by multicast DNS
    record Method(
            @Nullable Standard standard,
            @Nullable ScanDetails scan,
            @Nullable Mdns mdns) {}

    /// @param ports 4840 if absent
    /// @param interval between sweeps; 5 min if absent
    record ScanDetails(
            @Nullable List<String> addresses,
            @Nullable List<Integer> ports,
            @Nullable String interval) {}

    record Mdns() {}

    record Standard(@Nullable List<String> discoveryUrls) {}

    /// @param action `Include` or `Exclude`; `Include` if absent
    record Names(@Nullable List<String> items, ApplicationNameFilter.@Nullable Action action) {

        ApplicationNameFilter toFilter() {
            if (items == null) {
                throw new InvalidDetails(
                        "discoveryDetails.applicationNames.items: missing (expected: a list of names)");
            }
            return new ApplicationNameFilter(action == null ? ApplicationNameFilter.Action.Include : action, items);
        }
    }
}
