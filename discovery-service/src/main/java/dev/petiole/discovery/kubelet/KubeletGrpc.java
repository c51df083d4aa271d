package dev.petiole.discovery.kubelet;

import dev.petiole.discovery.pace.QuietEventLoop;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/// Servers and channels on Unix sockets. However many there are, they share one event loop, and calls run on
/// virtual threads. Thread-safe.
@Component
public final class KubeletGrpc implements DisposableBean {

    // struct sockaddr_un has 108 bytes for the path and its terminating zero, unix(7).
    private static final int MAX_PATH_BYTES = 107;
    private static final int MAX_CALLS_PER_CONNECTION = 64;
    private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private final EventLoopGroup eventLoop = QuietEventLoop.named("kubelet-io");
    private final ExecutorService calls = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("kubelet-grpc-", 0).factory());

    /// A server that has yet to be started.
    public Server server(Path socket, BindableService... services) {
        int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_PATH_BYTES) {
            throw new IllegalArgumentException(
                    socket + ": " + length + " bytes (expected: at most " + MAX_PATH_BYTES + ")");
        }
        NettyServerBuilder server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(eventLoop)
                .workerEventLoopGroup(eventLoop)
                .executor(calls)
                .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION);
        for (BindableService service : services) {
            server.addService(service);
        }
        return server.build();
    }

    /// A channel that connects when it is first used.
    public ManagedChannel channel(Path socket) {
        return channel(socket, MAX_MESSAGE_BYTES);
    }

    /// A channel that takes messages up to a size.
    public ManagedChannel channel(Path socket, int maxMessageBytes) {
        return channel(
                NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                        .channelType(NioDomainSocketChannel.class)
                        .overrideAuthority("localhost"),
                maxMessageBytes);
    }

    /// A channel to a port in the network. The kernel notices within a minute when the other side is gone
    /// without a word; gRPC's own pings would be taken for an attack by servers of other languages.
    public ManagedChannel networkChannel(InetSocketAddress address, int maxMessageBytes) {
        return channel(
                NettyChannelBuilder.forAddress(address.getHostString(), address.getPort())
                        .channelType(NioSocketChannel.class)
                        .withOption(ChannelOption.SO_KEEPALIVE, true)
                        .withOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), 30)
                        .withOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL), 10)
                        .withOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), 3),
                maxMessageBytes);
    }

    private ManagedChannel channel(NettyChannelBuilder builder, int maxMessageBytes) {
        return builder.eventLoopGroup(eventLoop)
                .executor(calls)
                .usePlaintext()
                .maxInboundMessageSize(maxMessageBytes)
                .build();
    }

    @Override
    public void destroy() {
        calls.shutdown();
        Future<?> _ = eventLoop.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }
}
