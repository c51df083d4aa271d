package dev.petiole.registry.timer;

import dev.petiole.registry.revision.WriteTransaction;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that happens because time has passed.
public interface Timed {

    /// @return for logs
    String name();

    /// @return when [#fire] has something to do next; null if never
    @Nullable Instant next();

    /// Does a bounded part of what is due now; called again while [#next] is past.
    void fire(WriteTransaction transaction);

    /// The registry was away: every period that runs begins anew in full.
    void restart(WriteTransaction transaction);
}
