package dev.petiole.discovery.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BeatTests {

    private static final long PERIOD = Beat.PERIOD.toNanos();

    @Test
    void longPauseEndsOnTheBeatAndIsHardlyAnother() {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long now = random.nextLong(Duration.ofDays(1000).toNanos());
            Duration pause =
                    Beat.SHORTEST.plusNanos(random.nextLong(Duration.ofDays(1).toNanos()));

            Duration aligned = Beat.align(pause, now);

            assertThat((now + aligned.toNanos()) % PERIOD).isZero();
            assertThat(aligned).isBetween(pause.minus(Beat.PERIOD), pause.plus(Beat.TOLERANCE));
        }
    }

    @Test
    void shortPauseIsLeftAlone() {
        Duration pause = Beat.SHORTEST.minusNanos(1);
        assertThat(Beat.align(pause, 12345)).isEqualTo(pause);
    }

    @Test
    void whatIsAlignedStaysAligned() {
        Duration aligned = Beat.align(Duration.ofSeconds(60), 777);
        assertThat(Beat.align(aligned.minusNanos(1000), 777)).isEqualTo(aligned);
        assertThat(Beat.align(aligned.plusNanos(1000), 777)).isEqualTo(aligned);
    }

    /// Each takes a moment for its step, as real ones do.
    @Test
    void loopsOfAnyPhaseMeet() {
        Set<Long> moments = new HashSet<>();
        for (long phase = 0; phase < PERIOD - Beat.TOLERANCE.toNanos(); phase += PERIOD / 50) {
            long now = phase;
            for (int i = 0; i < 6; i++) {
                now += Beat.align(Duration.ofSeconds(10), now).toNanos();
                moments.add(now);
                now += 3_000_000;
            }
        }
        assertThat(moments).hasSize(6);
    }
}
