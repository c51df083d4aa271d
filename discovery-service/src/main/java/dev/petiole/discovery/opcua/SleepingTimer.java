package dev.petiole.discovery.opcua;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A timer that sleeps until something is due. Milo asks for a [HashedWheelTimer] by its class, whose wheel, once
/// turning, wakes the processor with every tick for as long as the process lives; this one's wheel never turns.
final class SleepingTimer extends HashedWheelTimer {

    private static final Logger log = LoggerFactory.getLogger(SleepingTimer.class);

    private final ScheduledExecutorService scheduler;

    /// @param threads for the wheel's thread, which is made but never started
    /// @param scheduler shared; not shut down by this
    SleepingTimer(ThreadFactory threads, ScheduledExecutorService scheduler) {
        super(threads, 1, TimeUnit.SECONDS, 1, false);
        this.scheduler = scheduler;
    }

    @Override
    public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
        var timeout = new ScheduledTimeout(this, task);
        timeout.future = scheduler.schedule(timeout::expire, delay, unit);
        return timeout;
    }

    @Override
    public void start() {
        throw new UnsupportedOperationException("the wheel never turns");
    }

    @Override
    public Set<Timeout> stop() {
        throw new UnsupportedOperationException("lives as long as the process");
    }

    private static final class ScheduledTimeout implements Timeout {

        private enum State {
            WAITING,
            EXPIRED,
            CANCELLED
        }

        private final SleepingTimer timer;
        private final TimerTask task;
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        private volatile @Nullable ScheduledFuture<?> future;

        ScheduledTimeout(SleepingTimer timer, TimerTask task) {
            this.timer = timer;
            this.task = task;
        }

        private void expire() {
            if (!state.compareAndSet(State.WAITING, State.EXPIRED)) {
                return;
            }
            try {
                task.run(this);
            } catch (Exception e) {
                // As the wheel does: there is nobody to tell.
                log.atWarn().setCause(e).log("a timeout's task failed");
            }
        }

        @Override
        public Timer timer() {
            return timer;
        }

        @Override
        public TimerTask task() {
            return task;
        }

        @Override
        public boolean isExpired() {
            return state.get() == State.EXPIRED;
        }

        @Override
        public boolean isCancelled() {
            return state.get() == State.CANCELLED;
        }

        @Override
        public boolean cancel() {
            boolean isCancelled = state.compareAndSet(State.WAITING, State.CANCELLED);
            ScheduledFuture<?> scheduled = future;
            if (isCancelled && scheduled != null) {
                scheduled.cancel(false);
            }
            return isCancelled;
        }
    }
}
