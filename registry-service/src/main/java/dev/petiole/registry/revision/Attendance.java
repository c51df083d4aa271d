package dev.petiole.registry.revision;

import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/// Since when the registry has been there without a break, whichever of its replicas it was. Silence before that is
/// nobody's fault. To be asked within a write, where it is what the database holds.
@Component
public final class Attendance {

    private final RevisionStore store;
    private volatile Instant presentAt = Instant.EPOCH;
    private volatile Instant since = Instant.EPOCH;

    Attendance(RevisionStore store) {
        this.store = store;
    }

    /// @return `instant`, or when the registry came back if that is later
    public Instant noEarlier(Instant instant) {
        Instant back = since;
        return instant.isBefore(back) ? back : instant;
    }

    /// Notes that the registry is there.
    ///
    /// @param maxPause how long it may have gone without such a note and still have been there
    /// @return how long it was away; zero if it was there all the time
    public Duration note(WriteTransaction transaction, Duration maxPause) {
        Instant now = transaction.now();
        Instant before = presentAt;
        boolean wasAway = now.isAfter(before.plus(maxPause));
        presentAt = now;
        since = wasAway ? now : since;
        store.setPresence(presentAt, since);
        return wasAway ? Duration.between(before, now) : Duration.ZERO;
    }

    void load(RevisionStore.Held held) {
        presentAt = held.presentAt();
        since = held.presentSince();
    }
}
