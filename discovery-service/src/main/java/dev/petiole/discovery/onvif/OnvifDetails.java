package dev.petiole.discovery.onvif;

import dev.petiole.discovery.handler.AddressRange;
import dev.petiole.discovery.handler.InvalidDetails;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/// Discovery details as they are written. Each may be absent.
///
/// @param ipAddresses which cameras count, by the address at which they answer
/// @param macAddresses the same by MAC address
/// @param scopes the same by whole scopes
/// @param uuids the same by endpoint UUID
/// @param discoveryTimeoutSeconds how long answers are awaited before the first report; 1 if absent
/// @param probeInterval between rounds of probes; 10 s if absent
/// @param addresses IP addresses and CIDRs to ask one by one, besides multicast; none if absent
record OnvifDetails(
        @Nullable FilterList ipAddresses,
        @Nullable FilterList macAddresses,
        @Nullable FilterList scopes,
        @Nullable FilterList uuids,
        @Nullable Integer discoveryTimeoutSeconds,
        @Nullable String probeInterval,
        @Nullable List<String> addresses) {

    private static final int DEFAULT_TIMEOUT_SECONDS = 1;
    private static final int LONGEST_TIMEOUT_SECONDS = 60;
    private static final Duration DEFAULT_PROBE_INTERVAL = Duration.ofSeconds(10);
    private static final Duration SHORTEST_PROBE_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_PROBE_INTERVAL = Duration.ofHours(1);

    /// @throws InvalidDetails naming the field that makes no sense
    OnvifQuery toQuery() {
        return new OnvifQuery(
                filter("uuids", uuids, "a UUID", text -> Optional.of(WsDiscovery.endpoint(text))),
                filter(
                        "ipAddresses",
                        ipAddresses,
                        "an IP address",
                        text -> AddressRange.literal(text).map(ServiceAddress::text)),
                filter("macAddresses", macAddresses, "a MAC address such as 00:40:8c:1a:2b:3c", MacAddress::find),
                filter("scopes", scopes, "a scope", text -> Optional.of(text.strip())),
                answerWindow(),
                interval(),
                addressesToAsk());
    }

    private Duration answerWindow() {
        int seconds = discoveryTimeoutSeconds == null ? DEFAULT_TIMEOUT_SECONDS : discoveryTimeoutSeconds;
        if (seconds < 1 || seconds > LONGEST_TIMEOUT_SECONDS) {
            throw new InvalidDetails("discoveryDetails.discoveryTimeoutSeconds: " + seconds + " (expected: 1 to "
                    + LONGEST_TIMEOUT_SECONDS + ")");
        }
        return Duration.ofSeconds(seconds);
    }

    private Duration interval() {
        if (probeInterval == null) {
            return DEFAULT_PROBE_INTERVAL;
        }
        String expected = "discoveryDetails.probeInterval: '" + probeInterval
                + "' (expected: a duration from 1s to 1h, such as 10s)";
        Duration interval;
        try {
            interval = DurationStyle.detectAndParse(probeInterval.strip());
        } catch (IllegalArgumentException e) {
            throw new InvalidDetails(expected, e);
        }
        if (interval.compareTo(SHORTEST_PROBE_INTERVAL) < 0 || interval.compareTo(LONGEST_PROBE_INTERVAL) > 0) {
            throw new InvalidDetails(expected);
        }
        return interval;
    }

    private List<InetAddress> addressesToAsk() {
        Set<InetAddress> all = new LinkedHashSet<>();
        List<String> texts = addresses == null ? List.of() : addresses;
        for (int i = 0; i < texts.size(); i++) {
            all.addAll(
                    range("discoveryDetails.addresses[" + i + "]", texts.get(i)).addresses());
            if (all.size() > AddressRange.MAX_ADDRESSES) {
                throw tooMany("discoveryDetails.addresses");
            }
        }
        return new ArrayList<>(all);
    }

    private static AddressRange range(String field, @Nullable String text) {
        try {
            return Optional.ofNullable(text)
                    .flatMap(it -> AddressRange.parse(it.strip()))
                    .filter(range -> !range.first().isMulticastAddress())
                    .orElseThrow(() -> new InvalidDetails(
                            field + ": '" + text + "' (expected: an IP address or a CIDR such as 10.1.2.0/24)"));
        } catch (IllegalArgumentException _) {
            throw tooMany(field + ": '" + text + "'");
        }
    }

    private static InvalidDetails tooMany(String what) {
        return new InvalidDetails(
                what + ": too many addresses (expected: at most " + AddressRange.MAX_ADDRESSES + " in all)");
    }

    private static ValueFilter filter(
            String field, @Nullable FilterList list, String expected, Function<String, Optional<String>> normalizer) {
        return list == null ? ValueFilter.ALL : list.toFilter("discoveryDetails." + field, expected, normalizer);
    }

    /// @param action `Include` or `Exclude`; `Include` if absent
    record FilterList(@Nullable List<String> items, ValueFilter.@Nullable Action action) {

        ValueFilter toFilter(String field, String expected, Function<String, Optional<String>> normalizer) {
            if (items == null) {
                throw new InvalidDetails(field + ".items: missing (expected: a list, each entry " + expected + ")");
            }
            var values = new LinkedHashSet<String>();
            for (int i = 0; i < items.size(); i++) {
                String item = items.get(i);
                if (item == null || item.isBlank()) {
                    throw new InvalidDetails(field + ".items[" + i + "]: empty (expected: " + expected + ")");
                }
                String entry = field + ".items[" + i + "]: '" + item + "' (expected: " + expected + ")";
                values.add(normalizer.apply(item).orElseThrow(() -> new InvalidDetails(entry)));
            }
            return new ValueFilter(action == null ? ValueFilter.Action.Include : action, values);
        }
    }
}
