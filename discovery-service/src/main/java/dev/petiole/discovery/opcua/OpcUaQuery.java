package dev.petiole.discovery.opcua;

import java.time.Duration;
import java.util.List;

/// What one Configuration looks for.
///
/// @param urls where to ask, without duplicates
record OpcUaQuery(
        List<DiscoveryUrl> urls, ApplicationNameFilter applicationNames, Duration pollInterval, Duration timeout) {

    static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(5);
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);
    static final Duration SHORTEST = Duration.ofMillis(100);
    static final Duration LONGEST = Duration.ofHours(1);

    OpcUaQuery {
        urls = List.copyOf(urls);
    }
}
