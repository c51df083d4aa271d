package dev.petiole.discovery.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AskingLimitTests {

    private static final long SECOND = AskingLimit.INTERVAL.toNanos();

    private final AskingLimit limit = new AskingLimit(0);

    @Test
    void aFewQuestionsNeedNotWaitAndTheOthersAreASecondApart() {
        assertThat(LongStream.range(0, AskingLimit.BURST + 3).map(_ -> limit.take(0)))
                .containsExactly(0L, 0L, 0L, 0L, 0L, SECOND, 2 * SECOND, 3 * SECOND);
    }

    @Test
    void eachSecondOfQuietAllowsOneMore() {
        takeAll(0);

        assertThat(limit.take(2 * SECOND)).isZero();
        assertThat(limit.take(2 * SECOND)).isZero();
        assertThat(limit.take(2 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void aLongQuietAllowsNoMoreThanTheBurst() {
        takeAll(0);

        takeAll(1_000 * SECOND);

        assertThat(limit.take(1_000 * SECOND)).isEqualTo(SECOND);
    }

    private void takeAll(long now) {
        for (int i = 0; i < AskingLimit.BURST; i++) {
            assertThat(limit.take(now)).isZero();
        }
    }
}
