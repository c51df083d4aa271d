package dev.petiole.discovery.udev;

/// Says that the node's devices may have changed. Thread-safe.
@FunctionalInterface
interface DeviceChanges {

    /// Every change from the return of this method on is announced.
    ///
    /// @param onChange called for each; must not block
    Subscription subscribe(Runnable onChange);

    /// Lasts until it is closed.
    interface Subscription extends AutoCloseable {

        /// Whether changes can be noticed at all.
        boolean isLive();

        @Override
        void close();
    }
}
