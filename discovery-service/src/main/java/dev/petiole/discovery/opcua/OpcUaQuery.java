package dev.petiole.discovery.opcua;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/// What one Configuration looks for.
///
/// @param urls where to ask, without duplicates
/// @param scan where to try whether anybody answers
/// @param isMulticast whether announcements by multicast DNS are listened to
record OpcUaQuery(
        List<DiscoveryUrl> urls,
        Scan scan,
        boolean isMulticast,
        ApplicationNameFilter applicationNames,
        Duration pollInterval,
        Duration timeout) {

    static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(5);
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);
    static final Duration SHORTEST = Duration.ofMillis(100);
    static final Duration LONGEST = Duration.ofHours(1);

    OpcUaQuery {
        urls = List.copyOf(urls);
    }

    /// Addresses of a network and the ports to try at each.
    ///
    /// @param interval from the end of one sweep to the next
    record Scan(List<InetAddress> addresses, List<Integer> ports, Duration interval) {

        static final Scan NONE = new Scan(List.of(), List.of(), LONGEST);

        Scan {
            addresses = List.copyOf(addresses);
            ports = List.copyOf(ports);
        }

        boolean isWanted() {
            return !addresses.isEmpty();
        }
    }
}
