package dev.petiole.discovery.pace;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that starts at the time of day and then counts as the machine does: it never jumps, whoever sets the time.
public final class SteadyClock extends Clock {

    private final Instant origin = Clock.systemUTC().instant();
    private final long originNanos = System.nanoTime();
    private final ZoneId zone;

    public SteadyClock() {
        this(ZoneOffset.UTC);
    }

    private SteadyClock(ZoneId zone) {
        this.zone = zone;
    }

    @Override
    public Instant instant() {
        return origin.plusNanos(System.nanoTime() - originNanos);
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return other.equals(zone) ? this : new SteadyClock(other);
    }
}
