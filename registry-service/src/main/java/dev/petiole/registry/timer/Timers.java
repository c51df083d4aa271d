package dev.petiole.registry.timer;

import static dev.petiole.registry.LogKeys.ERROR;
import static dev.petiole.registry.LogKeys.PAUSE;
import static dev.petiole.registry.LogKeys.TIMER;

import dev.petiole.registry.revision.Attendance;
import dev.petiole.registry.revision.RegistryClock;
import dev.petiole.registry.revision.RegistryWriter;
import dev.petiole.registry.revision.WriteTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Runs what is due. It sleeps until the earliest time any [Timed] has named, and a few seconds at most, for it notes
/// in the database that the registry is there. Where such notes are lacking (no replica ran, a machine was suspended, a
/// disk stalled) the registry was away, and all periods begin anew. Each replica does so: whichever comes first does
/// what is due, the others find nothing left to do.
@Component
public final class Timers implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Timers.class);

    private final RegistryWriter writer;
    private final Attendance attendance;
    private final ObjectProvider<Timed> timed;
    private final RegistryClock clock;
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
            RegistryClock clock,
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
        attend(all, _ -> {});
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
        Instant noted = clock.instant();
        boolean isTroubled = false;
        while (true) {
            try {
                Instant latest = noted.plus(maxPause.dividedBy(2));
                // What is due may be what fails.
                sleepUntil(isTroubled ? latest : earliest(all, latest));
                isTroubled = true;
                if (!isStillRunning()) {
                    return;
                }
                attend(all, _ -> {});
                noted = clock.instant();
                fireDue(all);
                isTroubled = false;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                log.atError().addKeyValue(ERROR, e.toString()).setCause(e).log("timers failed, will try again");
                noted = clock.instant();
            }
        }
    }

    private void fireDue(List<Timed> all) {
        for (Timed each : all) {
            Instant next = each.next();
            if (next != null && !next.isAfter(clock.instant())) {
                attend(all, each::fire);
                log.atDebug().addKeyValue(TIMER, each.name()).log("timer fired");
            }
        }
    }

    /// Runs `action`, unless the registry turns out to have been away. That is looked at where the action runs:
    /// renewals may have waited behind this write, and then nobody is late.
    private void attend(List<Timed> all, Consumer<WriteTransaction> action) {
        Duration away = writer.write(transaction -> {
            Duration pause = attendance.note(transaction, maxPause);
            if (pause.isPositive()) {
                all.forEach(each -> each.restart(transaction));
            } else {
                action.accept(transaction);
            }
            return pause;
        });
        if (away.isPositive()) {
            log.atInfo().addKeyValue(PAUSE, away).log("registry was away, all leases and grace periods begin anew");
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

    private void sleepUntil(Instant next) throws InterruptedException {
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
                    return;
                }
            }
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
