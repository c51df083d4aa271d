package dev.petiole.discovery.opcua;

import dev.petiole.discovery.pace.QuietEventLoop;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.util.HashedWheelTimer;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
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
                .setChannelPipelineCustomizer(pipeline -> pipeline.addFirst(new Ending(connection)))
                .build();
    }

    /// Tells of the end of a channel that was open. First in the pipeline: Milo waits for its server's acknowledgement
    /// until that times out, whether the channel is open or not.
    private static final class Ending extends ChannelInboundHandlerAdapter {

        private final MiloConnection connection;

        Ending(MiloConnection connection) {
            this.connection = connection;
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            connection.onChannelClosed();
            context.fireChannelInactive();
        }
    }

    /// Shared by all connections, since Milo's own default is two event loops per core: too many for a few quiet
    /// sockets.
    private static final class Threads {

        static final EventLoopGroup EVENT_LOOP = QuietEventLoop.named("opcua-io");
        static final ExecutorService EXECUTOR = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("opcua-", 0).factory());
        static final ScheduledThreadPoolExecutor SCHEDULER = new ScheduledThreadPoolExecutor(1, factory("opcua-timer"));
        static final HashedWheelTimer TIMER = new SleepingTimer(factory("opcua-wheel"), SCHEDULER);

        static {
            // Nearly every timeout is cancelled by the answer.
            SCHEDULER.setRemoveOnCancelPolicy(true);
        }

        private static ThreadFactory factory(String name) {
            return Thread.ofPlatform().daemon().name(name).factory();
        }
    }
}
