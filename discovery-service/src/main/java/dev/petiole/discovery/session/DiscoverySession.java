package dev.petiole.discovery.session;

import static dev.petiole.discovery.LogKeys.CONFIGURATION;
import static dev.petiole.discovery.LogKeys.ERROR;
import static dev.petiole.discovery.LogKeys.HANDLER;
import static dev.petiole.discovery.LogKeys.REASON;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.DiscoverySink;
import dev.petiole.discovery.handler.InvalidDetails;
import dev.petiole.discovery.handler.Sighting;
import dev.petiole.discovery.handler.Warning;
import dev.petiole.discovery.pace.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The discovery for one Configuration, supervised: it is run when all it needs is there, run again when it
/// fails or what it needs changes, and what it sees and how it fares is stated at once.
final class DiscoverySession implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DiscoverySession.class);

    private static final Set<String> CREDENTIAL_REASONS =
            Set.of(DiscoveryReason.CREDENTIALS_REJECTED, DiscoveryReason.CREDENTIALS_NOT_SENT);

    private final Surroundings surroundings;
    private final SessionMeters meters;
    private final Backoff backoff;
    private final Backoff hearing;
    private final Semaphore bell = new Semaphore(0);

    // Guarded by `this`, so that a discovery that outlives its session says nothing any more.
    private Configuration configuration;
    private Plan plan;
    private Outcome outcome = Outcome.NOTHING_YET;
    private boolean isClosed;
    private boolean isRunning;
    private boolean isStated;
    private @Nullable Instant sayAgainAt;
    private @Nullable Thread thread;

    /// @param backoff between failed runs
    /// @param hearing for how long the registry may take to show what it was told
    DiscoverySession(
            Configuration configuration,
            Surroundings surroundings,
            SessionMeters meters,
            Backoff backoff,
            Backoff hearing) {
        this.configuration = configuration;
        this.surroundings = surroundings;
        this.meters = meters;
        this.backoff = backoff;
        this.hearing = hearing;
        this.plan = surroundings.plan(configuration);
    }

    synchronized void start() {
        thread = Thread.ofVirtual()
                .name("discovery-" + handlerName() + "-" + configuration.key())
                .start(this::supervise);
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

    /// Says everything again if the registry, whose record of the same Configuration this is, still lacks it a while
    /// after it was told.
    ///
    /// @return after which time to look again even if nothing is heard; null if it knows what it was told
    synchronized @Nullable Duration noteRecord(Configuration record) {
        configuration = record;
        if (!isStated || surroundings.isHeard(record)) {
            hearing.reset();
            sayAgainAt = null;
            return null;
        }
        Instant now = surroundings.clock().instant();
        if (sayAgainAt != null && !now.isBefore(sayAgainAt)) {
            surroundings.sayAgain(record);
            sayAgainAt = null;
        }
        if (sayAgainAt == null) {
            sayAgainAt = now.plus(hearing.next());
        }
        return Duration.between(now, sayAgainAt);
    }

    /// Says what it sees for a newer generation too.
    synchronized void goOnAs(Configuration wanted) {
        configuration = wanted;
        if (isStated) {
            state();
        }
    }

    /// Looks whether what it needs has changed: its handler, or the value of a property. A handler that is gone
    /// changes nothing for a discovery that runs, which knows best what that means.
    synchronized void reconsider() {
        Plan now = surroundings.plan(configuration);
        boolean hasLostHandler = plan instanceof Plan.Run
                && surroundings.handlers().find(handlerName()).isEmpty();
        if (isClosed || now.equals(plan) || hasLostHandler) {
            return;
        }
        plan = now;
        bell.release();
        if (isRunning && thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void supervise() {
        boolean isAgain = false;
        while (!isClosed()) {
            try {
                bell.drainPermits();
                Plan next = plan();
                switch (next) {
                    case Plan.Run run -> {
                        runOnce(run, isAgain);
                        isAgain = next.equals(plan());
                        pauseUnless(!isAgain);
                    }
                    case Plan.Await(var why) -> {
                        conclude(why);
                        isAgain = false;
                        bell.acquire();
                    }
                }
            } catch (InterruptedException _) {
                // Closed, or there is a new plan: the loop's condition tells.
                isAgain = false;
            }
        }
    }

    private void pauseUnless(boolean isNew) throws InterruptedException {
        if (!isNew) {
            // Rung, there is a new plan; else the same one is tried again.
            boolean _ = bell.tryAcquire(backoff.next().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void runOnce(Plan.Run run, boolean isAgain) throws InterruptedException {
        DiscoveryHandler handler = run.handler();
        Discovery discovery;
        try {
            discovery = handler.prepare(run.input());
        } catch (InvalidDetails e) {
            concludeUnless(run, invalid(e));
            bell.acquire();
            return;
        }
        meters.began(isAgain);
        try {
            running(true);
            discovery.run(new Sink(run));
            failed(run, "it ended without being asked to");
        } catch (InvalidDetails e) {
            concludeUnless(run, invalid(e));
        } catch (IOException | RuntimeException e) {
            // The outermost frame of a handler: whatever it throws harms its own Configuration alone.
            failed(run, e.getMessage() == null ? e.toString() : e.getMessage());
        } finally {
            running(false);
        }
    }

    /// What one run of the discovery says; once there is a new plan it is not listened to any more.
    private final class Sink implements DiscoverySink {

        private final Plan.Run run;

        Sink(Plan.Run run) {
            this.run = run;
        }

        @Override
        public void report(Sighting sighting) {
            sighted(run, sighting);
        }

        @Override
        public void hampered(Warning why) {
            synchronized (DiscoverySession.this) {
                concludeUnless(run, outcome.hampered(why.reason(), why.message() + origins(run, why.reason())));
            }
        }
    }

    private static Outcome invalid(InvalidDetails e) {
        return Outcome.withoutDevices(DiscoveryState.FAILED, DiscoveryReason.INVALID_DETAILS, e.getMessage());
    }

    private synchronized void failed(Plan.Run run, String error) {
        concludeUnless(
                run,
                outcome.hampered(
                        DiscoveryReason.HANDLER_FAILED,
                        "discovery handler '" + handlerName() + "' failed and will be run again: " + error));
    }

    private synchronized void sighted(Plan.Run run, Sighting reported) {
        if (isClosed || run != plan) {
            return;
        }
        Sighting sighting = Identities.of(reported, configuration.key().group());
        backoff.reset();
        meters.sighted(sighting.devices().size());
        if (sighting.isPartial()) {
            surroundings.inventory().putSome(configuration.key(), sighting.devices());
        } else {
            surroundings.inventory().put(configuration.key(), sighting.devices());
        }
        Outcome seen = Outcome.of(sighting);
        boolean isAboutCredentials =
                sighting.warnings().stream().map(Warning::reason).anyMatch(CREDENTIAL_REASONS::contains);
        conclude(
                isAboutCredentials
                        ? new Outcome(
                                seen.state(),
                                seen.reason(),
                                seen.message() + origins(run, DiscoveryReason.CREDENTIALS_REJECTED),
                                seen.devices(),
                                seen.isPartial())
                        : seen);
    }

    /// Where credentials that are not accepted come from.
    private static String origins(Plan.Run run, String reason) {
        return !CREDENTIAL_REASONS.contains(reason) || run.origins().isEmpty()
                ? ""
                : " They come from "
                        + String.join(", ", new TreeSet<>(run.origins().values()))
                        + "; they are tried again as soon as that changes.";
    }

    private synchronized void concludeUnless(Plan.Run run, Outcome newOutcome) {
        if (run == plan) {
            conclude(newOutcome);
        }
    }

    private synchronized void conclude(Outcome newOutcome) {
        if (isClosed) {
            return;
        }
        Outcome before = outcome;
        outcome = newOutcome;
        if (!newOutcome.equals(Outcome.NOTHING_YET)) {
            isStated = true;
            state();
        }
        if (newOutcome.reason() != null && (newOutcome.devices() == null || !before.isSameAs(newOutcome))) {
            meters.failed(newOutcome.reason());
        }
        if (!before.isSameAs(newOutcome)) {
            log(newOutcome);
        }
    }

    private void log(Outcome outcome) {
        LoggingEventBuilder entry = (outcome.state() == DiscoveryState.RUNNING ? log.atInfo() : log.atWarn())
                .addKeyValue(CONFIGURATION, configuration.key())
                .addKeyValue(HANDLER, handlerName())
                .addKeyValue("state", outcome.state());
        if (outcome.reason() != null) {
            entry = entry.addKeyValue(REASON, outcome.reason()).addKeyValue(ERROR, outcome.message());
        }
        entry.log("discovery changed state");
    }

    private void state() {
        surroundings.state(configuration, outcome);
    }

    private synchronized boolean isClosed() {
        return isClosed;
    }

    private synchronized Plan plan() {
        return plan;
    }

    private synchronized void running(boolean now) {
        isRunning = now;
        // An interrupt that was meant for the run must not end what comes after it.
        if (!now && !isClosed) {
            boolean _ = Thread.interrupted();
        }
    }

    private synchronized String handlerName() {
        return configuration.spec().discoveryHandler().name();
    }
}
