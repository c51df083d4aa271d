package dev.petiole.registry.timer;

import java.time.Instant;
import org.springframework.stereotype.Component;

/// Since when the registry has been there without a break. Silence before that is nobody's fault.
@Component
public final class Attendance {

    private volatile Instant since = Instant.EPOCH;

    public Instant since() {
        return since;
    }

    /// @return `instant`, or when the registry came back if that is later
    public Instant noEarlier(Instant instant) {
        Instant back = since;
        return instant.isBefore(back) ? back : instant;
    }

    void beginAnew(Instant now) {
        since = now;
    }
}
