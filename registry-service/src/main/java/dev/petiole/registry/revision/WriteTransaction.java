package dev.petiole.registry.revision;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A write under way. Everything a [Write] does with the database on its own thread belongs to it.
public interface WriteTransaction {

    /// @return the time of the write, in whole milliseconds
    Instant now();

    /// Appends to the log.
    ///
    /// @return the item's new revision
    <T> long log(Kind<T> kind, String key, @Nullable Versioned<T> before, @Nullable T after);

    /// Runs `action` once the write is committed, if it is.
    void afterCommit(Runnable action);
}
