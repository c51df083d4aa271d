package dev.petiole.discovery.session;

import dev.petiole.api.configuration.ConfigurationKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What is measured of one Configuration's discovery. Thread-safe.
final class SessionMeters {

    private static final String PREFIX = "petiole.discovery.";

    private final MeterRegistry registry;
    private final String handler;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();
    private final AtomicInteger devices = new AtomicInteger();
    private final Timer duration;
    private final Counter restarts;
    private Timer.@Nullable Sample run;
    private boolean isRemoved;

    SessionMeters(MeterRegistry registry, ConfigurationKey configuration, String handler) {
        this.registry = registry;
        this.handler = handler;
        this.tags = Tags.of("configuration", configuration.toString(), "handler", handler);
        this.duration = kept(Timer.builder(PREFIX + "duration")
                .description("Time from the start of a discovery to its first full list")
                .tags(tags)
                .register(registry));
        this.restarts = kept(Counter.builder(PREFIX + "restarts")
                .description("Times a discovery was run again after it had failed")
                .tags(tags)
                .register(registry));
        kept(Gauge.builder(PREFIX + "devices", devices, AtomicInteger::get)
                .description("Devices in the latest full list")
                .tags(tags)
                .register(registry));
    }

    String handler() {
        return handler;
    }

    /// @param isAgain whether a run before it failed
    synchronized void began(boolean isAgain) {
        run = Timer.start(registry);
        if (isAgain) {
            restarts.increment();
        }
    }

    synchronized void sighted(int count) {
        devices.set(count);
        if (run != null) {
            run.stop(duration);
            run = null;
        }
    }

    /// @param reason one of few
    synchronized void failed(String reason) {
        if (!isRemoved) {
            Counter errors = Counter.builder(PREFIX + "errors")
                    .description("Failures and warnings of a discovery, by reason")
                    .tags(tags.and("reason", reason))
                    .register(registry);
            if (!meters.contains(errors)) {
                meters.add(errors);
            }
            errors.increment();
        }
    }

    synchronized void remove() {
        isRemoved = true;
        meters.forEach(registry::remove);
    }

    private <M extends Meter> M kept(M meter) {
        meters.add(meter);
        return meter;
    }
}
