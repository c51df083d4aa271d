package dev.petiole.discovery.pace;

import java.time.Duration;

/// When things are looked at that are merely looked at now and then: all of them together, so that the processor can
/// sleep in between. Each process has a beat of its own.
public final class Beat {

    static final Duration PERIOD = Duration.ofMillis(2500);

    /// Shorter pauses are somebody's patience, and no matter of habit.
    static final Duration SHORTEST = PERIOD.multipliedBy(2);

    /// So close to a beat it is that beat: clocks and steps are not exact.
    static final Duration TOLERANCE = Duration.ofMillis(50);

    private static final long ORIGIN = System.nanoTime();

    private Beat() {}

    /// @return the pause, shorter by less than [#PERIOD] or longer by at most [#TOLERANCE], so that it ends on the
    /// beat, or as it is if it is short
    public static Duration align(Duration pause) {
        return align(pause, System.nanoTime() - ORIGIN);
    }

    /// @param now nanoseconds since some beat
    static Duration align(Duration pause, long now) {
        if (pause.compareTo(SHORTEST) < 0) {
            return pause;
        }
        long end = now + pause.plus(TOLERANCE).toNanos();
        return Duration.ofNanos(end - end % PERIOD.toNanos() - now);
    }
}
