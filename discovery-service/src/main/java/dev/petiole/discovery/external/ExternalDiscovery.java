package dev.petiole.discovery.external;

import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoverySink;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.Sighting;
import dev.petiole.discovery.handler.Warning;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Looking for the devices of one Configuration by all endpoints of an external handler. What an endpoint said
/// last holds when it is lost: its devices stay until it, or its successor, says otherwise.
final class ExternalDiscovery implements Discovery, AutoCloseable {

    // Changes ring; a pause ends only so that one who is silent for too long is told of.
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final String name;
    private final HandlerInput input;
    private final Endpoints endpoints;
    private final ExternalHandlerProperties properties;
    private final Clock clock;
    private final RandomGenerator random;
    private final Semaphore bell = new Semaphore(1);
    private final Map<Endpoint, EndpointStream> streams = new LinkedHashMap<>();

    ExternalDiscovery(
            String name,
            HandlerInput input,
            Endpoints endpoints,
            ExternalHandlerProperties properties,
            Clock clock,
            RandomGenerator random) {
        this.name = name;
        this.input = input;
        this.endpoints = endpoints;
        this.properties = properties;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public void run(DiscoverySink sink) throws InterruptedException {
        Runnable ring = this::ring;
        endpoints.onChange(ring);
        try {
            Duration pause = LONGEST_PAUSE;
            while (true) {
                boolean _ = bell.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                bell.drainPermits();
                followEndpoints();
                succeed();
                pause = tell(sink);
            }
        } finally {
            endpoints.removeListener(ring);
        }
    }

    private void ring() {
        if (bell.availablePermits() == 0) {
            bell.release();
        }
    }

    private void followEndpoints() {
        List<Endpoint> present = endpoints.of(name);
        for (Endpoint endpoint : new ArrayList<>(streams.keySet())) {
            if (!present.contains(endpoint)) {
                Objects.requireNonNull(streams.remove(endpoint)).close();
            }
        }
        for (Endpoint endpoint : present) {
            EndpointStream known = streams.get(endpoint);
            if (known == null) {
                var stream = new EndpointStream(endpoint, input, properties, clock, random, this::ring);
                streams.put(endpoint, stream);
                stream.start();
            } else {
                known.noteEndpoint();
            }
        }
    }

    /// A handler in a Pod has another address after each restart. So an endpoint in the network is succeeded by
    /// one that registered after it was lost, as soon as that has said what it sees.
    private void succeed() {
        for (Endpoint lost : List.copyOf(streams.keySet())) {
            Instant lostAt = lost.lostAt();
            boolean hasSuccessor = lostAt != null
                    && lost.address() instanceof Address.Network
                    && streams.entrySet().stream()
                            .anyMatch(other -> other.getKey().address() instanceof Address.Network
                                    && other.getKey().firstRegisteredAt().isAfter(lostAt)
                                    && other.getValue().devices() != null
                                    && other.getKey().lostAt() == null);
            if (hasSuccessor) {
                Objects.requireNonNull(streams.remove(lost)).close();
                endpoints.remove(lost, "another one has taken its place");
            }
        }
    }

    private Duration tell(DiscoverySink sink) {
        if (streams.isEmpty()) {
            sink.hampered(new Warning(
                    DiscoveryReason.HANDLER_UNREACHABLE,
                    "external discovery handler '" + name
                            + "' is not registered any more; its devices stay as they are"));
            return LONGEST_PAUSE;
        }
        Map<String, DiscoveredDevice> devices = new LinkedHashMap<>();
        List<Warning> warnings = new ArrayList<>();
        boolean hasList = false;
        boolean isPartial = false;
        Duration pause = LONGEST_PAUSE;
        for (EndpointStream stream : streams.values()) {
            List<DiscoveredDevice> listed = stream.devices();
            hasList |= listed != null;
            isPartial |= listed == null;
            if (listed != null) {
                listed.forEach(device -> devices.putIfAbsent(device.identity(), device));
            }
            Warning trouble = stream.trouble();
            if (trouble != null) {
                warnings.add(trouble);
            } else if (listed == null) {
                pause = min(pause, warnIfSilent(stream, warnings));
            }
        }
        if (hasList) {
            sink.report(new Sighting(new ArrayList<>(devices.values()), warnings, isPartial));
        } else if (!warnings.isEmpty()) {
            sink.hampered(warnings.getFirst());
        }
        return pause;
    }

    /// @return how long until there is something to tell
    private Duration warnIfSilent(EndpointStream stream, List<Warning> warnings) {
        Duration left = properties.patience().minus(Duration.between(stream.since(), clock.instant()));
        if (left.isPositive()) {
            return left;
        }
        warnings.add(new Warning(
                DiscoveryReason.HANDLER_SILENT,
                "external discovery handler '" + name + "' at " + stream.address()
                        + " was asked and has not answered yet"));
        return LONGEST_PAUSE;
    }

    private static Duration min(Duration one, @Nullable Duration other) {
        return other == null || one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public void close() {
        streams.values().forEach(EndpointStream::close);
        streams.clear();
    }
}
