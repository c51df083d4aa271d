package dev.petiole.registry.history;

import dev.petiole.registry.revision.RegistryClock;
import dev.petiole.registry.revision.WriteTransaction;
import dev.petiole.registry.timer.Timed;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/// Keeps the histories from growing without end, a bounded part at a time.
@Component
final class HistoryTrimming implements Timed {

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final History history;
    private volatile Instant next;

    HistoryTrimming(History history, RegistryClock clock) {
        this.history = history;
        this.next = clock.instant();
    }

    @Override
    public String name() {
        return "history-trimming";
    }

    @Override
    public Instant next() {
        return next;
    }

    @Override
    public void fire(WriteTransaction transaction) {
        if (!history.trim(transaction)) {
            next = transaction.now().plus(PERIOD);
        }
    }

    @Override
    public void restart(WriteTransaction transaction) {
        // Age counts from the event, whoever was there.
    }
}
