package dev.petiole.registry.revision;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/// The database's clock as this replica last read it, so that replicas agree on the time though their machines may not.
/// What is due is decided by [WriteTransaction#now] alone; this is for knowing when to look. Thread-safe.
@Component
public final class RegistryClock {

    private final Clock clock;
    private volatile Duration ahead = Duration.ZERO;

    RegistryClock(Clock clock) {
        this.clock = clock;
    }

    public Instant instant() {
        return clock.instant().plus(ahead);
    }

    /// @param now the time by the database
    void set(Instant now) {
        ahead = Duration.between(clock.instant(), now);
    }
}
