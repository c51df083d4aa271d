package dev.petiole.discovery.pace;

import static dev.petiole.discovery.LogKeys.ERROR;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A named virtual thread that takes one step again and again: when its pause is over, or at once when rung. Long
/// pauses end together with those of other loops, a little early. A step that throws is taken again after a back-off.
public final class Loop implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    // Even the busiest bell can't make a failing step spin.
    private static final Duration SHORTEST_PAUSE_AFTER_FAILURE = Duration.ofMillis(200);
    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(5);

    private final String name;
    private final Backoff backoff;
    private final Step step;
    private final Semaphore bell = new Semaphore(0);
    private volatile boolean isClosed;
    private @Nullable Thread thread;
    private String lastError = "";

    /// One step of a loop.
    @FunctionalInterface
    public interface Step {

        /// @return how long to pause before the next step, unless rung
        Duration run() throws InterruptedException;
    }

    public Loop(String name, Backoff backoff, Step step) {
        this.name = name;
        this.backoff = backoff;
        this.step = step;
    }

    public synchronized void start() {
        if (thread == null) {
            thread = Thread.ofVirtual().name(name).start(this::run);
        }
    }

    /// Pauses within a step, whether rung or not.
    public static void rest(Duration pause) throws InterruptedException {
        // Interrupted at the end; never counted down otherwise.
        boolean _ = new CountDownLatch(1).await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Has the next step taken at once. Never blocks; many rings before a step count as one.
    public void ring() {
        if (bell.availablePermits() == 0) {
            bell.release();
        }
    }

    public synchronized boolean isRunning() {
        return thread != null && thread.isAlive();
    }

    /// Ends the loop and waits a little for the step under way.
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            isClosed = true;
            running = thread;
        }
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            running.join(PATIENCE_AT_END);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!isClosed) {
                pause(runStep());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// The outermost frame: whatever a step throws, the loop goes on.
    private Duration runStep() throws InterruptedException {
        bell.drainPermits();
        try {
            Duration pause = step.run();
            succeeded();
            return Beat.align(pause);
        } catch (RuntimeException e) {
            if (isClosed) {
                return Duration.ZERO;
            }
            failed(e);
            Duration pause = backoff.next();
            // Interrupted at the end; never counted down otherwise.
            boolean _ = new CountDownLatch(1).await(SHORTEST_PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
            return pause.minus(SHORTEST_PAUSE_AFTER_FAILURE);
        }
    }

    private void pause(Duration pause) throws InterruptedException {
        if (pause.isPositive() && bell.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS)) {
            bell.drainPermits();
        }
    }

    private void succeeded() {
        backoff.reset();
        if (!lastError.isEmpty()) {
            log.atInfo().addKeyValue("loop", name).log("loop recovered");
            lastError = "";
        }
    }

    private void failed(RuntimeException e) {
        String error = e.toString();
        // Said once, not with every try.
        var entry = error.equals(lastError) ? log.atDebug() : log.atWarn();
        lastError = error;
        (log.isDebugEnabled() ? entry.setCause(e) : entry)
                .addKeyValue("loop", name)
                .addKeyValue(ERROR, error)
                .log("loop step failed, will be tried again");
    }
}
