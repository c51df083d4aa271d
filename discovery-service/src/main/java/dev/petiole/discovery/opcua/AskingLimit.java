package dev.petiole.discovery.opcua;

import java.time.Duration;

/// How soon a server may be asked again after it closed its connection: at once, a few times in a row, and then once a
/// second. So a server that ends is missed without delay, and one that closes every connection is not hammered. For one
/// thread.
final class AskingLimit {

    static final int BURST = 5;
    static final Duration INTERVAL = Duration.ofSeconds(1);

    // As many as could be used up by now if none had been used yet; as a point in time, nothing needs to be counted.
    private long nextFree;

    /// @param now as of [System#nanoTime()]
    AskingLimit(long now) {
        this.nextFree = now - BURST * INTERVAL.toNanos();
    }

    /// Counts one more question.
    ///
    /// @return how long it must wait
    long take(long now) {
        nextFree = Math.max(nextFree, now - BURST * INTERVAL.toNanos()) + INTERVAL.toNanos();
        return Math.max(0, nextFree - now);
    }
}
