package dev.petiole.discovery.opcua;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The OPC UA servers that announced themselves by multicast DNS (OPC UA Part 12 Annex C). For one thread.
///
/// A server counts as being where its announcement came from, whatever address it names: so nobody can have us
/// connect to somebody else.
final class AnnouncedServers {

    static final String TYPE = "_opcua-tcp._tcp.local";

    private static final int MAX_SERVERS = 500;
    private static final Duration LONGEST = Duration.ofHours(2);

    /// By instance name.
    private final Map<String, Server> servers = new LinkedHashMap<>();

    /// Names of those that were heard since somebody last asked.
    private final Set<String> heard = new HashSet<>();

    private record Server(
            InetAddress from,
            Instant until,
            int port,
            @Nullable String path) {}

    void hear(DnsMessage message, InetAddress from, Instant now) {
        for (DnsMessage.Entry entry : message.records()) {
            switch (entry) {
                case DnsMessage.Pointer pointer -> hear(pointer, from, now);
                case DnsMessage.Service service -> {
                    if (isInstance(service.name())) {
                        put(service.name(), from, now, service.timeToLive(), service.port(), null);
                    }
                }
                case DnsMessage.Text text -> {
                    if (isInstance(text.name())) {
                        put(
                                text.name(),
                                from,
                                now,
                                text.timeToLive(),
                                0,
                                text.values().getOrDefault("path", ""));
                    }
                }
            }
        }
    }

    /// @return where to ask now
    Set<DiscoveryUrl> urls(Instant now) {
        servers.values().removeIf(server -> !now.isBefore(server.until()));
        return servers.values().stream()
                .filter(server -> server.port() > 0)
                .map(AnnouncedServers::url)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// @return where those are that were heard since the last call
    Set<DiscoveryUrl> takeFresh() {
        Set<DiscoveryUrl> fresh = heard.stream()
                .flatMap(name -> Stream.ofNullable(servers.get(name)))
                .filter(server -> server.port() > 0)
                .map(AnnouncedServers::url)
                .collect(Collectors.toUnmodifiableSet());
        heard.clear();
        return fresh;
    }

    private static DiscoveryUrl url(Server server) {
        return DiscoveryUrl.at(server.from(), server.port(), path(server.path()));
    }

    private void hear(DnsMessage.Pointer pointer, InetAddress from, Instant now) {
        if (!pointer.name().equals(TYPE)) {
            return;
        }
        if (pointer.timeToLive() == 0) {
            // A goodbye (RFC 6762 §10.1), if it comes from whom it concerns.
            servers.computeIfPresent(
                    pointer.target(), (_, server) -> server.from().equals(from) ? null : server);
        } else if (isInstance(pointer.target())) {
            put(pointer.target(), from, now, pointer.timeToLive(), 0, null);
        }
    }

    private void put(String name, InetAddress from, Instant now, long timeToLive, int port, @Nullable String path) {
        Server known = servers.get(name);
        if (timeToLive == 0 || (known == null && servers.size() >= MAX_SERVERS)) {
            return;
        }
        if (known != null && !known.from().equals(from)) {
            // Two of one name: the first keeps it while it announces itself.
            return;
        }
        heard.add(name);
        Instant until = now.plus(Duration.ofSeconds(Math.min(timeToLive, LONGEST.toSeconds())));
        servers.put(
                name,
                new Server(
                        from,
                        known != null && known.until().isAfter(until) ? known.until() : until,
                        port > 0 || known == null ? port : known.port(),
                        path != null || known == null ? path : known.path()));
    }

    private static boolean isInstance(String name) {
        return name.endsWith("." + TYPE);
    }

    private static String path(@Nullable String path) {
        if (path == null
                || path.isEmpty()
                || path.length() > 255
                || path.chars().anyMatch(Character::isWhitespace)) {
            return "/";
        }
        return path.startsWith("/") ? path : "/" + path;
    }
}
