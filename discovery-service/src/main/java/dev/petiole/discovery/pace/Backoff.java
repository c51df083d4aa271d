package dev.petiole.discovery.pace;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Ever longer pauses after failures, up to a limit, and jittered so that many who fail together don't return together.
/// Not thread-safe.
public final class Backoff {

    private final Duration first;
    private final Duration limit;
    private final RandomGenerator random;
    private Duration next;

    public Backoff(Duration first, Duration limit, RandomGenerator random) {
        this.first = first;
        this.limit = limit;
        this.random = random;
        this.next = first;
    }

    /// @return the pause after one more failure, between half of the present step and all of it
    public Duration next() {
        Duration step = next;
        Duration twice = step.multipliedBy(2);
        next = twice.compareTo(limit) > 0 ? limit : twice;
        return Duration.ofMillis(random.nextLong(step.toMillis() / 2, step.toMillis() + 1));
    }

    /// Begins anew after a success.
    public void reset() {
        next = first;
    }
}
