package dev.petiole.discovery.onvif;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What one Configuration looks for.
///
/// @param uuids in lower case
/// @param ipAddresses as Java writes them
/// @param macAddresses as [MacAddress] writes them
/// @param answerWindow how long answers to the first probe are awaited before the first report
/// @param probeInterval between rounds of probes
/// @param addresses asked one by one besides the multicast groups, without duplicates
record OnvifQuery(
        ValueFilter uuids,
        ValueFilter ipAddresses,
        ValueFilter macAddresses,
        ValueFilter scopes,
        Duration answerWindow,
        Duration probeInterval,
        List<InetAddress> addresses) {

    OnvifQuery {
        addresses = List.copyOf(addresses);
    }

    /// What can be known before the device itself is asked anything.
    boolean accepts(Announcement announcement, InetAddress from) {
        return uuids.accepts(Set.of(announcement.uuid()))
                && ipAddresses.accepts(Set.of(ServiceAddress.text(from)))
                && scopes.accepts(announcement.scopes());
    }

    boolean acceptsMacAddresses(List<String> known) {
        return known.isEmpty() ? macAddresses.acceptsUnknown() : macAddresses.accepts(known);
    }
}
