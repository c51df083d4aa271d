package dev.petiole.discovery.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Timeout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SleepingTimerTests {

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final SleepingTimer timer = new SleepingTimer(Executors.defaultThreadFactory(), scheduler);

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    @Test
    void taskRunsWhenItsTimeHasCome() throws Exception {
        var ran = new CompletableFuture<Timeout>();

        Timeout timeout = timer.newTimeout(ran::complete, 1, TimeUnit.MILLISECONDS);

        assertThat(ran.get(30, TimeUnit.SECONDS)).isSameAs(timeout);
        assertThat(timeout.isExpired()).isTrue();
        assertThat(timeout.cancel()).isFalse();
        assertThat(timeout.isCancelled()).isFalse();
    }

    @Test
    void cancelledTaskIsForgotten() {
        scheduler.setRemoveOnCancelPolicy(true);

        Timeout timeout = timer.newTimeout(
                _ -> {
                    throw new AssertionError("cancelled");
                },
                1,
                TimeUnit.HOURS);

        assertThat(timeout.cancel()).isTrue();
        assertThat(timeout.cancel()).isFalse();
        assertThat(timeout.isCancelled()).isTrue();
        assertThat(timeout.isExpired()).isFalse();
        assertThat(scheduler.getQueue()).isEmpty();
    }

    /// One scheduler's thread serves every timeout.
    @Test
    void failingTaskHarmsNoOther() throws Exception {
        timer.newTimeout(
                _ -> {
                    throw new IllegalStateException("on purpose");
                },
                1,
                TimeUnit.MILLISECONDS);
        var ran = new CompletableFuture<Timeout>();
        timer.newTimeout(ran::complete, 5, TimeUnit.MILLISECONDS);

        assertThat(ran.get(30, TimeUnit.SECONDS).isExpired()).isTrue();
    }
}
