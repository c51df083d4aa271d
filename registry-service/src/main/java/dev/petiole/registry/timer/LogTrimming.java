package dev.petiole.registry.timer;

import static dev.petiole.registry.LogKeys.COUNT;

import dev.petiole.registry.revision.RegistryClock;
import dev.petiole.registry.revision.RevisionLog;
import dev.petiole.registry.revision.WriteTransaction;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Keeps the log from growing without end, a bounded part at a time.
@Component
final class LogTrimming implements Timed {

    private static final Logger log = LoggerFactory.getLogger(LogTrimming.class);

    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final RevisionLog revisions;
    private volatile Instant next;

    LogTrimming(RevisionLog revisions, RegistryClock clock) {
        this.revisions = revisions;
        this.next = clock.instant();
    }

    @Override
    public String name() {
        return "log-trimming";
    }

    @Override
    public Instant next() {
        return next;
    }

    @Override
    public void fire(WriteTransaction transaction) {
        int trimmed = revisions.trim(transaction);
        if (trimmed == 0) {
            next = transaction.now().plus(PERIOD);
            return;
        }
        log.atDebug().addKeyValue(COUNT, trimmed).log("log trimmed");
    }

    @Override
    public void restart(WriteTransaction transaction) {
        // Age counts from the write, whoever was there.
    }
}
