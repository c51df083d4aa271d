package dev.petiole.discovery.external;

import static dev.petiole.discovery.LogKeys.ERROR;
import static dev.petiole.discovery.LogKeys.HANDLER;

import dev.petiole.discovery.kubelet.KubeletGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// The ways to all handlers that have registered. They survive a restart of this service, since a handler that
/// nobody asks would never notice it and register again. Thread-safe.
@Component
final class Endpoints {

    private static final Logger log = LoggerFactory.getLogger(Endpoints.class);

    private static final int MAX_ENDPOINTS = 64;
    private static final int MAX_NAME = 253;
    private static final int MAX_ENDPOINT = 1_024;
    private static final int MAX_SCHEMA = 65_536;
    private static final String NAME = "[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?";

    private final KubeletGrpc grpc;
    private final ExternalHandlerProperties properties;
    private final AllowedNetworks allowed;
    private final RegistrationFile file;
    private final Clock clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    // In the order of their registration.
    private final Map<Key, Endpoint> endpoints = new LinkedHashMap<>();

    private record Key(String name, Address address) {}

    Endpoints(KubeletGrpc grpc, ExternalHandlerProperties properties, RegistrationFile file, Clock clock) {
        this.grpc = grpc;
        this.properties = properties;
        this.allowed = new AllowedNetworks(properties.allowedNetworks());
        this.file = file;
        this.clock = clock;
    }

    /// Calls `listener` after each change; it must only note that there is something to do.
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    void removeListener(Runnable listener) {
        listeners.remove(listener);
    }

    /// Takes in those that had registered before this service was started.
    void restore() {
        for (Registration registration : file.load()) {
            try {
                put(registration, Instant.EPOCH);
            } catch (RegistrationRefused e) {
                // The allow list has become shorter, say.
                log.atWarn()
                        .addKeyValue(HANDLER, registration.name())
                        .addKeyValue(ERROR, e.getMessage())
                        .log("external handler is not let in any more");
            }
        }
        notifyListeners();
    }

    /// Lets a handler in; saying the same again is a sign of life.
    ///
    /// @throws RegistrationRefused saying why not
    void register(Registration registration) {
        boolean isNew = put(registration, clock.instant());
        file.save(registrations());
        if (isNew) {
            log.atInfo()
                    .addKeyValue(HANDLER, registration.name())
                    .addKeyValue("endpoint", registration.endpoint())
                    .log("external handler registered");
        }
        notifyListeners();
    }

    /// @return those of one handler, in the order of their registration
    synchronized List<Endpoint> of(String name) {
        return endpoints.values().stream()
                .filter(endpoint -> endpoint.registration().name().equals(name))
                .toList();
    }

    /// @return all of them, by handler
    synchronized Map<String, List<Endpoint>> byName() {
        return endpoints.values().stream()
                .collect(Collectors.groupingBy(
                        endpoint -> endpoint.registration().name(), LinkedHashMap::new, Collectors.toList()));
    }

    /// Has nothing more to do with an endpoint.
    void remove(Endpoint endpoint, String why) {
        synchronized (this) {
            if (!endpoints.values().remove(endpoint)) {
                return;
            }
        }
        endpoint.close();
        file.save(registrations());
        log.atInfo()
                .addKeyValue(HANDLER, endpoint.registration().name())
                .addKeyValue("endpoint", endpoint.address().text())
                .addKeyValue("why", why)
                .log("external handler's endpoint is forgotten");
        notifyListeners();
    }

    /// Forgets those that could not be reached for long and that nobody asks.
    void forgetLost() {
        Instant limit = clock.instant().minus(properties.forgetAfter());
        List<Endpoint> lost;
        synchronized (this) {
            lost = endpoints.values().stream()
                    .filter(endpoint -> !endpoint.isUsed())
                    .filter(endpoint -> isLostSince(endpoint, limit))
                    .toList();
        }
        lost.forEach(endpoint -> remove(endpoint, "it could not be reached, and no Configuration asks for it"));
    }

    synchronized void close() {
        endpoints.values().forEach(Endpoint::close);
    }

    void notifyListeners() {
        listeners.forEach(Runnable::run);
    }

    /// @return whether it was not there before
    private boolean put(Registration registration, Instant at) {
        check(registration);
        Address address = address(registration);
        Endpoint made;
        Endpoint evicted;
        synchronized (this) {
            demandSameSharing(registration, address);
            Endpoint known = endpoints.get(new Key(registration.name(), address));
            if (known != null) {
                known.registered(registration);
                return false;
            }
            evicted = endpoints.size() < MAX_ENDPOINTS ? null : evictable();
            made = new Endpoint(registration, address, channel(address), at, clock, this::notifyListeners);
            endpoints.put(new Key(registration.name(), address), made);
        }
        if (evicted != null) {
            remove(evicted, "there are too many");
        }
        made.open();
        return true;
    }

    private static void check(Registration registration) {
        String name = registration.name();
        if (name.length() > MAX_NAME || !name.matches(NAME)) {
            throw invalid("name: '" + name.substring(0, Math.min(name.length(), 80)) + "' (expected: at most "
                    + MAX_NAME + " letters, digits, '-', '_' and '.')");
        }
        if (registration.endpoint().isBlank() || registration.endpoint().length() > MAX_ENDPOINT) {
            throw invalid("endpoint: " + registration.endpoint().length() + " characters (expected: 1 to "
                    + MAX_ENDPOINT + ")");
        }
        String schema = registration.detailsSchema();
        if (schema != null && schema.length() > MAX_SCHEMA) {
            throw invalid("details_schema: " + schema.length() + " characters (expected: at most " + MAX_SCHEMA + ")");
        }
    }

    private Address address(Registration registration) {
        try {
            if (!registration.isNetwork()) {
                Path directory = Objects.requireNonNull(properties.directory());
                return Address.socket(registration.endpoint(), directory);
            }
            Address.Network network = Address.network(registration.endpoint());
            if (!allowed.contains(network)) {
                throw new RegistrationRefused(
                        Status.PERMISSION_DENIED,
                        "endpoint: " + network.text() + " is in no allowed network (expected: a socket, or add the "
                                + "network to the chart's value discovery.externalHandlers.allowedNetworks)");
            }
            return network;
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    /// Whether devices are shared decides about their names; it can't be both.
    private void demandSameSharing(Registration registration, Address address) {
        for (Endpoint other : of(registration.name())) {
            boolean isOther = !other.address().equals(address) && other.lostAt() == null;
            if (isOther && other.registration().shared() != registration.shared()) {
                throw new RegistrationRefused(
                        Status.FAILED_PRECONDITION,
                        "shared: " + registration.shared() + ", but another handler of this name, at "
                                + other.address().text() + ", says otherwise (expected: the same, or another name)");
            }
        }
    }

    private Endpoint evictable() {
        return endpoints.values().stream()
                .filter(endpoint -> endpoint.lostAt() != null && !endpoint.isUsed())
                .min(Comparator.comparing(Endpoint::registeredAt))
                .orElseThrow(() -> new RegistrationRefused(
                        Status.RESOURCE_EXHAUSTED,
                        "there are " + MAX_ENDPOINTS + " external handlers on this node already"));
    }

    private ManagedChannel channel(Address address) {
        int maxBytes = Math.toIntExact(properties.maxMessageSize().toBytes());
        return switch (address) {
            case Address.Socket(var path) -> grpc.channel(path, maxBytes);
            case Address.Network(var host, var port) ->
                grpc.networkChannel(InetSocketAddress.createUnresolved(host, port), maxBytes);
        };
    }

    private synchronized List<Registration> registrations() {
        return new ArrayList<>(
                endpoints.values().stream().map(Endpoint::registration).toList());
    }

    private static boolean isLostSince(Endpoint endpoint, Instant limit) {
        @Nullable Instant lostAt = endpoint.lostAt();
        return lostAt != null && lostAt.isBefore(limit);
    }

    private static RegistrationRefused invalid(String message) {
        return new RegistrationRefused(Status.INVALID_ARGUMENT, message);
    }
}
