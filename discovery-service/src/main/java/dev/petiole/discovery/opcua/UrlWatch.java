package dev.petiole.discovery.opcua;

import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Warning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Asks one discovery URL for as long as it is not interrupted, and says what it learned.
final class UrlWatch {

    /* A connection is kept to the URL and to every server it tells of. A server that goes away closes its connection, which
     * is noticed at once; one that vanishes without a word fails to answer the next poll. Whatever does not answer is asked
     * again after a second, then less and less often, down to the poll interval.
     */

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    /// Keeps a discovery server that tells nonsense from using up this node's sockets.
    private static final int MAX_SERVERS = 500;

    private final DiscoveryUrl url;
    private final OpcUaQuery query;
    private final OpcUaConnector connector;
    private final Hosts hosts;

    /// By normal form of the URL.
    private final Map<DiscoveryUrl, Server> held = new HashMap<>();
    private final Set<DiscoveryUrl> heard = new HashSet<>();
    private final Semaphore lost = new Semaphore(0);
    private final AskingLimit limit = new AskingLimit(System.nanoTime());

    UrlWatch(DiscoveryUrl url, OpcUaQuery query, OpcUaConnector connector, Hosts hosts) {
        this.url = url;
        this.query = query;
        this.connector = connector;
        this.hosts = hosts;
    }

    /// @param answers gets the first answer and each one that differs from the one before
    void run(Consumer<UrlAnswer> answers) throws InterruptedException {
        @Nullable UrlAnswer previous = null;
        Duration retry = firstRetry();
        try {
            while (true) {
                lost.drainPermits();
                UrlAnswer answer = ask();
                if (!answer.equals(previous)) {
                    answers.accept(answer);
                    previous = answer;
                }
                if (answer.isComplete()) {
                    retry = firstRetry();
                    awaitLossOrPoll();
                } else {
                    pauseUntil(System.nanoTime() + retry.toNanos());
                    retry = min(retry.multipliedBy(2), query.pollInterval());
                }
            }
        } finally {
            held.values().forEach(Server::close);
        }
    }

    /// Returns when a connection was lost and the server may be asked again, or when it is time to poll.
    private void awaitLossOrPoll() throws InterruptedException {
        if (lost.tryAcquire(query.pollInterval().toNanos(), TimeUnit.NANOSECONDS)) {
            long now = System.nanoTime();
            pauseUntil(now + limit.take(now));
        }
    }

    /// Lets further losses come together: a server that closes idle connections must not be hammered.
    private void pauseUntil(long deadlineNanos) throws InterruptedException {
        for (long left = deadlineNanos - System.nanoTime(); left > 0; left = deadlineNanos - System.nanoTime()) {
            if (lost.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                lost.drainPermits();
            }
        }
    }

    private UrlAnswer ask() throws InterruptedException {
        try {
            List<Application> known = call(url, Server::findServers);
            List<Application> servers = Stream.concat(known.stream(), heardOf(known).stream())
                    .filter(application ->
                            application.isServer() && query.applicationNames().accepts(application.name()))
                    .limit(MAX_SERVERS)
                    .toList();
            return inquire(servers);
        } catch (EndpointUnreachable e) {
            release(List.of(url.normalized()));
            return new UrlAnswer(url, List.of(), List.of(unreachable(url, e)));
        }
    }

    /// The servers that a discovery server heard of by multicast, as they describe themselves. Its word for where
    /// they are is all it has; what does not answer there is no server of ours.
    private List<Application> heardOf(List<Application> known) throws InterruptedException {
        heard.clear();
        if (known.stream().noneMatch(Application::isDiscoveryServer)) {
            return List.of();
        }
        var found = new ArrayList<Application>();
        for (DiscoveryUrl announcedUrl : findAnnounced()) {
            DiscoveryUrl address = hosts.isReachable(announcedUrl.host(), url.host())
                    ? announcedUrl
                    : announcedUrl.withHost(url.host());
            if (address.normalized().equals(url.normalized())) {
                continue;
            }
            heard.add(address.normalized());
            try {
                call(address, Server::findServers).stream()
                        .filter(Application::isServer)
                        .map(server -> server.withHost(address, hosts))
                        .forEach(found::add);
            } catch (EndpointUnreachable _) {
                // An announcement outlives its server by minutes, so this is no reason for a warning.
            }
        }
        return found;
    }

    private List<DiscoveryUrl> findAnnounced() throws InterruptedException {
        try {
            return call(url, Server::findServersOnNetwork).stream()
                    .flatMap(text -> DiscoveryUrl.find(text).stream())
                    .distinct()
                    .limit(MAX_SERVERS)
                    .toList();
        } catch (EndpointUnreachable _) {
            // A discovery server without the multicast extension.
            return List.of();
        }
    }

    private UrlAnswer inquire(List<Application> servers) throws InterruptedException {
        var devices = new ArrayList<DiscoveredDevice>();
        var warnings = new ArrayList<Warning>();
        var used = new ArrayList<>(List.of(url.normalized()));
        used.addAll(heard);
        for (Application server : servers) {
            Optional<DiscoveryUrl> address = OpcUaServers.findUrl(server, url, hosts);
            if (address.isEmpty()) {
                continue;
            }
            used.add(address.get().normalized());
            try {
                EndpointFacts endpoints = call(address.get(), Server::endpoints);
                devices.add(OpcUaServers.device(server, address.get(), endpoints));
            } catch (EndpointUnreachable e) {
                warnings.add(unreachable(address.get(), e));
            }
        }
        release(used);
        return new UrlAnswer(url, devices, warnings);
    }

    /// Calls over the connection that is held, or over a new one if there is none or it turns out to be dead.
    private <T> T call(DiscoveryUrl address, Call<T> call) throws EndpointUnreachable, InterruptedException {
        Server server = held.get(address.normalized());
        if (server != null && server.isOpen()) {
            try {
                return call.on(server);
            } catch (EndpointUnreachable _) {
                server.close();
            }
        }
        Server fresh = new Server(connector.open(address, lost::release));
        Server stale = held.put(address.normalized(), fresh);
        if (stale != null) {
            stale.close();
        }
        return call.on(fresh);
    }

    private void release(List<DiscoveryUrl> used) {
        held.entrySet().removeIf(entry -> {
            if (used.contains(entry.getKey()) && entry.getValue().isOpen()) {
                return false;
            }
            entry.getValue().close();
            return true;
        });
    }

    private Duration firstRetry() {
        return min(FIRST_RETRY, query.pollInterval());
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static Warning unreachable(DiscoveryUrl url, EndpointUnreachable e) {
        return new Warning(
                DiscoveryReason.ENDPOINT_UNREACHABLE,
                "%s does not answer: %s. Check that the server runs there and that this node can reach it."
                        .formatted(url, e.getMessage()));
    }

    @FunctionalInterface
    private interface Call<T> {
        T on(Server server) throws EndpointUnreachable, InterruptedException;
    }

    /// A connection and what is known of the server behind it: its endpoints don't change while the connection lasts.
    private static final class Server {

        private final OpcUaConnection connection;
        private @Nullable EndpointFacts endpoints;

        Server(OpcUaConnection connection) {
            this.connection = connection;
        }

        boolean isOpen() {
            return connection.isOpen();
        }

        List<Application> findServers() throws EndpointUnreachable, InterruptedException {
            return connection.findServers();
        }

        List<String> findServersOnNetwork() throws EndpointUnreachable, InterruptedException {
            return connection.findServersOnNetwork();
        }

        EndpointFacts endpoints() throws EndpointUnreachable, InterruptedException {
            EndpointFacts known = endpoints;
            if (known == null) {
                known = connection.getEndpoints();
                endpoints = known;
            }
            return known;
        }

        void close() {
            connection.close();
        }
    }
}
