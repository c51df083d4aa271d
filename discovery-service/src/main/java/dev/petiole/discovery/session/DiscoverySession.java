package dev.petiole.discovery.session;

import static dev.petiole.discovery.LogKeys.CONFIGURATION;
import static dev.petiole.discovery.LogKeys.ERROR;
import static dev.petiole.discovery.LogKeys.HANDLER;
import static dev.petiole.discovery.LogKeys.REASON;

import dev.petiole.api.agent.Observation.ObservedDevice;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.dialect.Dialect;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.DiscoveryHandlers;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.InvalidDetails;
import dev.petiole.discovery.handler.Sighting;
import dev.petiole.discovery.handler.Warning;
import dev.petiole.discovery.inventory.Inventory;
import dev.petiole.discovery.pace.Backoff;
import dev.petiole.discovery.report.Observations;
import dev.petiole.discovery.report.Statement;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The discovery for one Configuration, supervised: it is run again when it fails, and what it sees and how it fares is
/// stated at once.
final class DiscoverySession implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DiscoverySession.class);

    private final DiscoveryHandlers handlers;
    private final Inventory inventory;
    private final Observations observations;
    private final SessionMeters meters;
    private final Backoff backoff;
    private final CountDownLatch closing = new CountDownLatch(1);

    // Guarded by `this`, so that a discovery that outlives its session says nothing any more.
    private Configuration configuration;
    private Outcome outcome = Outcome.NOTHING_YET;
    private boolean isClosed;
    private @Nullable Thread thread;

    /// How the discovery fares.
    ///
    /// @param devices null if it says nothing about them
    private record Outcome(
            DiscoveryState state,
            @Nullable String reason,
            @Nullable String message,
            @Nullable List<ObservedDevice> devices) {

        static final Outcome NOTHING_YET = new Outcome(DiscoveryState.WAITING, null, null, null);
    }

    DiscoverySession(
            Configuration configuration,
            DiscoveryHandlers handlers,
            Inventory inventory,
            Observations observations,
            SessionMeters meters,
            Backoff backoff) {
        this.configuration = configuration;
        this.handlers = handlers;
        this.inventory = inventory;
        this.observations = observations;
        this.meters = meters;
        this.backoff = backoff;
    }

    void start() {
        DiscoveryHandlerSpec spec = spec();
        Optional<DiscoveryHandler> handler = handlers.find(spec.name());
        if (handler.isEmpty()) {
            String offered =
                    handlers.list().stream().map(DiscoveryHandler::name).collect(Collectors.joining(", "));
            conclude(new Outcome(
                    DiscoveryState.WAITING,
                    DiscoveryReason.HANDLER_NOT_FOUND,
                    "no discovery handler '" + spec.name() + "' on this node (available: " + offered + ")",
                    null));
            return;
        }
        Discovery discovery;
        try {
            discovery = handler.get().prepare(input(spec));
        } catch (InvalidDetails e) {
            conclude(new Outcome(DiscoveryState.FAILED, DiscoveryReason.INVALID_DETAILS, e.getMessage(), null));
            return;
        }
        synchronized (this) {
            thread = Thread.ofVirtual()
                    .name("discovery-" + spec.name() + "-" + configuration.key())
                    .start(() -> supervise(discovery));
        }
    }

    /// Whether it already does what `wanted` says.
    synchronized boolean covers(Configuration wanted) {
        return isSameObject(wanted) && configuration.generation() == wanted.generation();
    }

    synchronized boolean isSameObject(Configuration wanted) {
        return configuration.uid().equals(wanted.uid());
    }

    /// Whether `wanted` asks for the same devices.
    synchronized boolean canGoOnAs(Configuration wanted) {
        return isSameObject(wanted)
                && configuration.spec().discoveryHandler().equals(wanted.spec().discoveryHandler());
    }

    /// Says what it sees for a newer generation too.
    synchronized void goOnAs(Configuration wanted) {
        configuration = wanted;
        if (!outcome.equals(Outcome.NOTHING_YET)) {
            state();
        }
    }

    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            isClosed = true;
            running = thread;
        }
        closing.countDown();
        if (running != null) {
            running.interrupt();
        }
    }

    private synchronized DiscoveryHandlerSpec spec() {
        return configuration.spec().discoveryHandler();
    }

    private static HandlerInput input(DiscoveryHandlerSpec spec) {
        return new HandlerInput(
                spec.discoveryDetails(),
                spec.discoveryProperties().stream()
                        .collect(Collectors.toMap(
                                DiscoveryHandlerSpec.Property::name, DiscoverySession::value, (_, last) -> last)));
    }

    private static String value(DiscoveryHandlerSpec.Property property) {
        if (property.value() == null && property.valueFrom() != null) {
            throw new InvalidDetails("discoveryProperties." + property.name()
                    + ".valueFrom: Secrets and ConfigMaps can't be read yet (give a value)");
        }
        return property.value() == null ? "" : property.value();
    }

    private void supervise(Discovery discovery) {
        try {
            for (boolean isAgain = false; !runOnce(discovery, isAgain); isAgain = true) {
                if (closing.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return whether it ended as asked
    private boolean runOnce(Discovery discovery, boolean isAgain) throws InterruptedException {
        meters.began(isAgain);
        try {
            discovery.run(this::sighted);
            return failed("it ended without being asked to");
        } catch (IOException | RuntimeException e) {
            // The outermost frame of a handler: whatever it throws harms its own Configuration alone.
            return failed(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private synchronized boolean failed(String error) {
        if (isClosed) {
            return true;
        }
        boolean hadSeen = outcome.state() == DiscoveryState.RUNNING || outcome.state() == DiscoveryState.DEGRADED;
        conclude(new Outcome(
                hadSeen ? DiscoveryState.DEGRADED : DiscoveryState.WAITING,
                DiscoveryReason.HANDLER_FAILED,
                "discovery handler '" + spec().name() + "' failed and will be run again: " + error,
                null));
        return false;
    }

    private synchronized void sighted(Sighting sighting) {
        if (isClosed) {
            return;
        }
        backoff.reset();
        List<DiscoveredDevice> seen = identified(sighting.devices());
        meters.sighted(seen.size());
        inventory.put(configuration.key(), seen);
        List<ObservedDevice> devices = seen.stream()
                .map(device -> new ObservedDevice(device.identity(), device.properties()))
                .toList();
        if (sighting.warnings().isEmpty()) {
            conclude(new Outcome(DiscoveryState.RUNNING, null, null, devices));
            return;
        }
        conclude(new Outcome(
                DiscoveryState.DEGRADED,
                sighting.warnings().getFirst().reason(),
                sighting.warnings().stream().map(Warning::message).collect(Collectors.joining("; ")),
                devices));
    }

    /// What tells devices apart is for the API group to say. Two that it can't tell apart are one.
    private List<DiscoveredDevice> identified(List<DiscoveredDevice> devices) {
        Dialect dialect = Dialect.of(configuration.key().group());
        return List.copyOf(devices.stream()
                .map(device -> device.withIdentity(dialect.identity(device)))
                .collect(Collectors.toMap(
                        DiscoveredDevice::identity, Function.identity(), (first, _) -> first, LinkedHashMap::new))
                .values());
    }

    private synchronized void conclude(Outcome newOutcome) {
        if (isClosed) {
            return;
        }
        Outcome before = outcome;
        outcome = newOutcome;
        state();
        if (newOutcome.reason() != null
                && (newOutcome.devices() == null || !equal(before.reason(), newOutcome.reason()))) {
            meters.failed(newOutcome.reason());
        }
        if (before.state() != newOutcome.state() || !equal(before.reason(), newOutcome.reason())) {
            log(newOutcome);
        }
    }

    private void log(Outcome outcome) {
        LoggingEventBuilder entry = (outcome.state() == DiscoveryState.RUNNING ? log.atInfo() : log.atWarn())
                .addKeyValue(CONFIGURATION, configuration.key())
                .addKeyValue(HANDLER, spec().name())
                .addKeyValue("state", outcome.state());
        if (outcome.reason() != null) {
            entry = entry.addKeyValue(REASON, outcome.reason()).addKeyValue(ERROR, outcome.message());
        }
        entry.log("discovery changed state");
    }

    private static boolean equal(@Nullable String one, @Nullable String other) {
        return one == null ? other == null : one.equals(other);
    }

    private void state() {
        String name = configuration.spec().discoveryHandler().name();
        observations.state(new Statement(
                configuration.key(),
                configuration.uid(),
                configuration.generation(),
                name,
                handlers.find(name).map(DiscoveryHandler::isShared).orElse(false),
                outcome.state(),
                outcome.reason(),
                outcome.message(),
                outcome.devices()));
    }
}
