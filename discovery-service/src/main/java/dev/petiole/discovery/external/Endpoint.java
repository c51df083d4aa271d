package dev.petiole.discovery.external;

import dev.petiole.api.handler.HandlerState;
import dev.petiole.discovery.handler.HandlerStatus;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One way to one handler: kept connected, so that its loss is noticed even while nobody asks it for devices.
/// Thread-safe.
final class Endpoint implements AutoCloseable {

    private final Address address;
    private final ManagedChannel channel;
    private final Clock clock;
    private final Instant firstRegisteredAt;
    private final Runnable onChange;

    // Guarded by `this`.
    private Registration registration;
    private Instant registeredAt;
    private Instant lostAt;
    private boolean isConnected;
    private boolean isClosed;
    private int users;
    private @Nullable String trouble;

    /// @param onChange called when it is lost or found; it must only note that there is something to do
    /// @param firstRegisteredAt long ago if it had registered before this service was started
    Endpoint(
            Registration registration,
            Address address,
            ManagedChannel channel,
            Instant firstRegisteredAt,
            Clock clock,
            Runnable onChange) {
        this.registration = registration;
        this.address = address;
        this.channel = channel;
        this.clock = clock;
        this.onChange = onChange;
        this.firstRegisteredAt = firstRegisteredAt;
        this.registeredAt = firstRegisteredAt;
        this.lostAt = clock.instant();
    }

    void open() {
        follow(channel.getState(true));
    }

    Address address() {
        return address;
    }

    ManagedChannel channel() {
        return channel;
    }

    synchronized Registration registration() {
        return registration;
    }

    Instant firstRegisteredAt() {
        return firstRegisteredAt;
    }

    /// @return when it registered last
    synchronized Instant registeredAt() {
        return registeredAt;
    }

    /// @return when it was lost; null while it is connected
    synchronized @Nullable Instant lostAt() {
        return isConnected ? null : lostAt;
    }

    /// It has registered again: it is there, so whoever waits for it need not wait any longer.
    void registered(Registration again) {
        synchronized (this) {
            registration = again;
            registeredAt = clock.instant();
        }
        channel.resetConnectBackoff();
        channel.getState(true);
    }

    /// @param message what is wrong with it though it is connected; null once all is well
    void troubled(@Nullable String message) {
        synchronized (this) {
            if (message == null ? trouble == null : message.equals(trouble)) {
                return;
            }
            trouble = message;
        }
        onChange.run();
    }

    /// Has it looked for now, if it is not connected, and not only when gRPC would.
    void reconnect() {
        channel.resetConnectBackoff();
    }

    synchronized void use(int change) {
        users += change;
    }

    synchronized boolean isUsed() {
        return users > 0;
    }

    synchronized HandlerStatus.Endpoint status() {
        if (!isConnected) {
            String message = trouble == null ? "it does not answer" : trouble;
            return new HandlerStatus.Endpoint(address.text(), HandlerState.UNAVAILABLE, message);
        }
        return new HandlerStatus.Endpoint(
                address.text(), trouble == null ? HandlerState.READY : HandlerState.DEGRADED, trouble);
    }

    private void follow(ConnectivityState state) {
        boolean hasChanged;
        synchronized (this) {
            if (isClosed || state == ConnectivityState.SHUTDOWN) {
                return;
            }
            boolean now = state == ConnectivityState.READY;
            hasChanged = now != isConnected;
            isConnected = now;
            lostAt = hasChanged && !now ? clock.instant() : lostAt;
        }
        if (hasChanged) {
            onChange.run();
        }
        if (state == ConnectivityState.IDLE) {
            // After the connection's end: it is to come back by itself.
            channel.getState(true);
        }
        channel.notifyWhenStateChanged(state, () -> follow(channel.getState(true)));
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        channel.shutdownNow();
    }
}
