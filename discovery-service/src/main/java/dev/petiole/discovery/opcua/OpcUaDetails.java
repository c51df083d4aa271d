package dev.petiole.discovery.opcua;

import dev.petiole.discovery.handler.InvalidDetails;
import java.time.Duration;
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

    /// @throws InvalidDetails naming the field that makes no sense
    OpcUaQuery toQuery() {
        return new OpcUaQuery(
                discoveryUrls(),
                applicationNames == null ? ApplicationNameFilter.ALL : applicationNames.toFilter(),
                duration("pollInterval", pollInterval, OpcUaQuery.DEFAULT_POLL_INTERVAL),
                duration("timeout", timeout, OpcUaQuery.DEFAULT_TIMEOUT));
    }

    private List<DiscoveryUrl> discoveryUrls() {
        if (opcuaDiscoveryMethod == null || opcuaDiscoveryMethod.standard() == null) {
            throw new InvalidDetails(METHOD + ": missing (expected: standard: {discoveryUrls: [" + DEFAULT_URL + "]})");
        }
        List<String> given = opcuaDiscoveryMethod.standard().discoveryUrls();
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

    record Method(@Nullable Standard standard) {}

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
