package dev.petiole.registry.timer;

import static dev.petiole.registry.LogKeys.ERROR;
import static dev.petiole.registry.LogKeys.PAUSE;
import static dev.petiole.registry.LogKeys.TIMER;

import dev.petiole.registry.revision.RegistryWriter;
import dev.petiole.registry.revision.WriteTransaction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Runs what is due. It sleeps until the earliest time any [Timed] has named, and notices when it slept much longer
/// than it asked for: then the registry was away, and all periods begin anew.
@Component
public final class Timers implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Timers.class);

    private final RegistryWriter writer;
    private final Attendance attendance;
    private final ObjectProvider<Timed> timed;
    private final Clock clock;
    private final Duration maxPause;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private boolean isRunning;
    private @Nullable Instant requested;
    private @Nullable Thread thread;

    Timers(
            RegistryWriter writer,
            Attendance attendance,
            ObjectProvider<Timed> timed,
            Clock clock,
            TimerProperties properties) {
        this.writer = writer;
        this.attendance = attendance;
        this.timed = timed;
        this.clock = clock;
        this.maxPause = properties.maxPause();
    }

    /// Tells, after the commit of `transaction`, that something is due at `instant`.
    public void wakeAt(WriteTransaction transaction, Instant instant) {
        transaction.afterCommit(() -> request(instant));
    }

    @Override
    public void start() {
        lock.lock();
        try {
            isRunning = true;
        } finally {
            lock.unlock();
        }
        List<Timed> all = timed.stream().toList();
        beginAnew(all);
        thread = Thread.ofVirtual().name("registry-timers").start(() -> run(all));
    }

    @Override
    public void stop() {
        lock.lock();
        try {
            isRunning = false;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
        Thread running = thread;
        thread = null;
        try {
            if (running != null) {
                running.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /// After the writer.
    @Override
    public int getPhase() {
        return 1;
    }

    private void request(Instant instant) {
        lock.lock();
        try {
            if (requested == null || instant.isBefore(requested)) {
                requested = instant;
                woken.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run(List<Timed> all) {
        Instant last = clock.instant();
        while (true) {
            try {
                Instant target = sleepUntil(earliest(all, last.plus(maxPause.dividedBy(2))));
                if (!isStillRunning()) {
                    return;
                }
                Instant planned = target.isBefore(last) ? last : target;
                if (clock.instant().isAfter(planned.plus(maxPause))) {
                    log.atWarn()
                            .addKeyValue(PAUSE, Duration.between(planned, clock.instant()))
                            .log("registry was away, all leases and grace periods begin anew");
                    beginAnew(all);
                } else {
                    fireDue(all);
                }
                last = clock.instant();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                log.atError().addKeyValue(ERROR, e.toString()).setCause(e).log("timers failed, will try again");
                request(clock.instant().plus(maxPause.dividedBy(2)));
            }
        }
    }

    private void beginAnew(List<Timed> all) {
        writer.write(transaction -> {
            attendance.beginAnew(transaction.now());
            all.forEach(each -> each.restart(transaction));
            return true;
        });
    }

    private void fireDue(List<Timed> all) {
        for (Timed each : all) {
            Instant asked = clock.instant();
            Instant next = each.next();
            if (next == null || next.isAfter(asked)) {
                continue;
            }
            boolean wasInTime = writer.write(transaction -> {
                // Renewals may wait behind this write if the disk stalled: then nobody is late.
                if (transaction.now().isAfter(asked.plus(maxPause))) {
                    return false;
                }
                each.fire(transaction);
                return true;
            });
            log.atDebug().addKeyValue(TIMER, each.name()).log("timer fired");
            if (!wasInTime) {
                beginAnew(all);
                return;
            }
        }
    }

    private static Instant earliest(List<Timed> all, Instant atMost) {
        Instant earliest = atMost;
        for (Timed each : all) {
            Instant next = each.next();
            if (next != null && next.isBefore(earliest)) {
                earliest = next;
            }
        }
        return earliest;
    }

    /// @return the time until which it meant to sleep
    private Instant sleepUntil(Instant next) throws InterruptedException {
        lock.lock();
        try {
            Instant target = next;
            while (isRunning) {
                if (requested != null && requested.isBefore(target)) {
                    target = requested;
                }
                requested = null;
                Duration left = Duration.between(clock.instant(), target);
                if (!left.isPositive() || !woken.await(left.toNanos(), TimeUnit.NANOSECONDS)) {
                    return target;
                }
            }
            return target;
        } finally {
            lock.unlock();
        }
    }

    private boolean isStillRunning() {
        lock.lock();
        try {
            return isRunning;
        } finally {
            lock.unlock();
        }
    }
}
