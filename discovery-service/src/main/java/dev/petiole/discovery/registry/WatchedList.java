package dev.petiole.discovery.registry;

import java.util.List;

/// A copy of one of the registry's lists, kept up to date. It outlives the registry: while that is away, the copy
/// stays.
public interface WatchedList<T> {

    /// @return whether the list has been received in full once; before that, absence means nothing
    boolean isSynced();

    /// @return all items, in no order
    List<T> list();

    /// Calls `listener` after each change; it must only note that there is something to do.
    void onChange(Runnable listener);
}
