package dev.petiole.discovery.external;

import dev.petiole.proto.akri.Device;
import dev.petiole.proto.akri.DiscoverRequest;
import dev.petiole.proto.akri.DiscoverResponse;
import dev.petiole.proto.akri.DiscoveryHandlerGrpc.DiscoveryHandlerImplBase;
import dev.petiole.proto.akri.RegisterDiscoveryHandlerRequest;
import dev.petiole.proto.akri.RegisterDiscoveryHandlerRequest.EndpointType;
import dev.petiole.proto.akri.RegistrationGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An external handler that says what a test has it say, over the wire.
public final class ScriptedExternalHandler extends DiscoveryHandlerImplBase implements AutoCloseable {

    private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Path registration;
    private final RegisterDiscoveryHandlerRequest request;
    private final @Nullable Path socket;
    private final List<DiscoverRequest> asked = new CopyOnWriteArrayList<>();
    private final List<StreamObserver<DiscoverResponse>> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Server server;
    private @Nullable DiscoverResponse latest;
    private volatile @Nullable Status refusal;

    private ScriptedExternalHandler(Path registration, RegisterDiscoveryHandlerRequest request, @Nullable Path socket) {
        this.registration = registration;
        this.request = request;
        this.socket = socket;
    }

    public static ScriptedExternalHandler onSocket(Path directory, String name, String file, boolean shared) {
        Path socket = directory.resolve(file);
        return new ScriptedExternalHandler(
                        directory.resolve("agent-registration.sock"),
                        request(name, socket.toString(), false, shared),
                        socket)
                .serve();
    }

    static ScriptedExternalHandler inNetwork(Path directory, String name) {
        var handler = new ScriptedExternalHandler(
                directory.resolve("agent-registration.sock"), request(name, "", true, true), null);
        return handler.serve();
    }

    static RegisterDiscoveryHandlerRequest request(String name, String endpoint, boolean isNetwork, boolean shared) {
        return RegisterDiscoveryHandlerRequest.newBuilder()
                .setName(name)
                .setEndpoint(endpoint)
                .setEndpointType(isNetwork ? EndpointType.NETWORK : EndpointType.UDS)
                .setShared(shared)
                .build();
    }

    /// Serves again after [#die].
    ScriptedExternalHandler serve() {
        try {
            NettyServerBuilder builder;
            if (socket == null) {
                builder = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0));
            } else {
                Files.deleteIfExists(socket);
                builder = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                        .channelType(NioServerDomainSocketChannel.class)
                        .bossEventLoopGroup(eventLoop)
                        .workerEventLoopGroup(eventLoop);
            }
            server = builder.addService(this).build().start();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + (server == null ? 0 : server.getPort());
    }

    public ScriptedExternalHandler register() {
        return register(socket == null ? request.toBuilder().setEndpoint(url()).build() : request);
    }

    ScriptedExternalHandler register(RegisterDiscoveryHandlerRequest wish) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(registration))
                .channelType(NioDomainSocketChannel.class)
                .eventLoopGroup(eventLoop)
                .usePlaintext()
                .overrideAuthority("localhost")
                .build();
        try {
            var _ = RegistrationGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .registerDiscoveryHandler(wish);
            return this;
        } finally {
            channel.shutdownNow();
        }
    }

    /// From now on this is the list.
    public ScriptedExternalHandler list(String... ids) {
        return list(Arrays.stream(ids)
                .map(id -> Device.newBuilder().setId(id).putProperties("ID", id).build())
                .toList());
    }

    synchronized ScriptedExternalHandler list(List<Device> devices) {
        latest = DiscoverResponse.newBuilder().addAllDevices(devices).build();
        for (StreamObserver<DiscoverResponse> listener : listeners) {
            listener.onNext(latest);
        }
        return this;
    }

    /// From now on nobody who asks gets a list.
    void refuse(Status status) {
        refusal = status;
    }

    /// Its process ends.
    void die() {
        if (server != null) {
            server.shutdownNow();
        }
        listeners.clear();
    }

    /// @return each time it was asked
    List<DiscoverRequest> asked() {
        return List.copyOf(asked);
    }

    @Override
    public synchronized void discover(DiscoverRequest question, StreamObserver<DiscoverResponse> answer) {
        asked.add(question);
        Status status = refusal;
        if (status != null) {
            answer.onError(status.asRuntimeException());
            return;
        }
        ((ServerCallStreamObserver<DiscoverResponse>) answer).setOnCancelHandler(() -> listeners.remove(answer));
        listeners.add(answer);
        if (latest != null) {
            answer.onNext(latest);
        }
    }

    @Override
    public void close() {
        die();
        var _ = eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
