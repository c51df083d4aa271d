package dev.petiole.discovery.onvif;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// When several calls together must have ended.
record Deadline(Clock clock, Instant at) {

    private static final Duration LONGEST_CALL = Duration.ofSeconds(3);

    static Deadline in(Duration time, Clock clock) {
        return new Deadline(clock, clock.instant().plus(time));
    }

    /// @return how long the next call may take
    Duration next() throws IOException {
        Duration left = Duration.between(clock.instant(), at);
        if (!left.isPositive()) {
            throw new IOException("it takes too long to answer");
        }
        return left.compareTo(LONGEST_CALL) < 0 ? left : LONGEST_CALL;
    }
}
