package dev.petiole.discovery.pace;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Netty's event loop, one thread, that sleeps while there is nothing to do.
public final class QuietEventLoop {

    private QuietEventLoop() {}

    /// @param name its thread's
    public static EventLoopGroup named(String name) {
        var eventLoop = new MultiThreadIoEventLoopGroup(
                1, Thread.ofPlatform().daemon().name(name).factory(), NioIoHandler.newFactory());
        // With nothing scheduled it would look every second whether there is.
        Future<?> _ = eventLoop.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.DAYS);
        return eventLoop;
    }
}
