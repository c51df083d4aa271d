package dev.petiole.e2e.quickstart;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Tells a waiting person what happens, and since when.
final class Progress {

    private final PrintStream out;
    private final InstantSource clock;
    private final Instant start;

    Progress(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
        this.start = clock.instant();
    }

    PrintStream out() {
        return out;
    }

    void say(String message) {
        out.printf("%4d s  %s%n", Duration.between(start, clock.instant()).toSeconds(), message);
    }
}
