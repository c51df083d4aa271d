package dev.petiole.discovery.opcua;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.HashedWheelTimer;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfig;

/// Connections by Eclipse Milo.
final class MiloConnector implements OpcUaConnector {

    private final Duration timeout;
    private final Semaphore calls;

    /// @param timeout how long each answer may take
    /// @param calls bounds how many answers are waited for at a time
    MiloConnector(Duration timeout, Semaphore calls) {
        this.timeout = timeout;
        this.calls = calls;
    }

    @Override
    public OpcUaConnection open(DiscoveryUrl url, Runnable whenLost) throws EndpointUnreachable, InterruptedException {
        var connection = new MiloConnection(url, timeout, calls, whenLost);
        connection.connect();
        return connection;
    }

    static OpcTcpClientTransportConfig transport(Duration timeout, MiloConnection connection) {
        return OpcTcpClientTransportConfig.newBuilder()
                .setConnectTimeout(Unsigned.uint(timeout.toMillis()))
                .setAcknowledgeTimeout(Unsigned.uint(timeout.toMillis()))
                .setEventLoop(Threads.EVENT_LOOP)
                .setExecutor(Threads.EXECUTOR)
                .setScheduledExecutor(Threads.SCHEDULER)
                .setWheelTimer(Threads.TIMER)
                .setChannelPipelineCustomizer(
                        pipeline -> pipeline.channel().closeFuture().addListener(_ -> connection.onChannelClosed()))
                .build();
    }

    /// Shared by all connections, since Milo's own default is two event loops per core: too many for a few quiet
    /// sockets.
    private static final class Threads {

        static final EventLoopGroup EVENT_LOOP =
                new MultiThreadIoEventLoopGroup(1, factory("opcua-io"), NioIoHandler.newFactory());
        static final ExecutorService EXECUTOR = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("opcua-", 0).factory());
        static final ScheduledExecutorService SCHEDULER =
                Executors.newSingleThreadScheduledExecutor(factory("opcua-timer"));
        // Its tick wakes the processor; our own timeouts don't depend on it.
        static final HashedWheelTimer TIMER = new HashedWheelTimer(factory("opcua-wheel"), 1, TimeUnit.SECONDS);

        private static ThreadFactory factory(String name) {
            return Thread.ofPlatform().daemon().name(name).factory();
        }
    }
}
