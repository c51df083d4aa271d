package dev.petiole.discovery.kubelet.deviceplugin;

import dev.petiole.discovery.allocation.Allocator;
import dev.petiole.discovery.kubelet.KubeletGrpc;
import dev.petiole.proto.deviceplugin.RegisterRequest;
import dev.petiole.proto.deviceplugin.RegistrationGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One resource's socket in the kubelet's directory, and whether the kubelet knows of it. Not thread-safe.
final class PluginEndpoint {

    static final String API_VERSION = "v1beta1";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    // The kubelet asks for the list right after the registration.
    private static final Duration PATIENCE_FOR_WATCHER = Duration.ofSeconds(10);

    private final String resource;
    private final Path socket;
    private final KubeletGrpc grpc;
    private final PluginService service;
    private final Clock clock;

    private @Nullable Server server;
    private @Nullable SocketIdentity bound;
    private @Nullable SocketIdentity registeredAt;
    private Instant registeredSince = Instant.MIN;

    PluginEndpoint(String resource, Path socket, KubeletGrpc grpc, Allocator allocator, Clock clock) {
        this.resource = resource;
        this.socket = socket;
        this.grpc = grpc;
        this.service = new PluginService(resource, allocator);
        this.clock = clock;
    }

    void offer(OfferedResource offered) {
        service.offer(offered);
    }

    /// Whether this very kubelet has it, and the way to it stands.
    boolean isKnownTo(SocketIdentity kubelet) {
        return kubelet.equals(registeredAt)
                && bound != null
                && bound.equals(SocketIdentity.of(socket))
                && (service.isWatched() || clock.instant().isBefore(registeredSince.plus(PATIENCE_FOR_WATCHER)));
    }

    /// Listens and makes itself known to the kubelet behind this socket.
    void register(Path kubeletSocket, SocketIdentity kubelet) {
        listen();
        ManagedChannel channel = grpc.channel(kubeletSocket);
        try {
            RegistrationGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .register(RegisterRequest.newBuilder()
                            .setVersion(API_VERSION)
                            .setEndpoint(socket.getFileName().toString())
                            .setResourceName(resource)
                            .setOptions(PluginService.OPTIONS)
                            .build());
            registeredSince = clock.instant();
            registeredAt = kubelet;
        } catch (StatusRuntimeException e) {
            throw new RegistrationFailed("kubelet did not take " + resource + ": " + e.getStatus(), e);
        } finally {
            channel.shutdownNow();
        }
    }

    private void listen() {
        if (bound != null && bound.equals(SocketIdentity.of(socket))) {
            return;
        }
        // The kubelet empties its directory when it starts; a server whose socket is gone can't be reached any more.
        close();
        try {
            Files.deleteIfExists(socket);
            server = grpc.server(socket, service).start();
            bound = SocketIdentity.of(socket);
        } catch (IOException e) {
            throw new UncheckedIOException("can't listen on " + socket, e);
        }
    }

    /// Takes the resource back: the kubelet is told that there is nothing left before the socket goes.
    void withdraw() {
        service.withdraw();
        Server running = server;
        if (running != null) {
            running.shutdown();
            try {
                if (!running.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    running.shutdownNow();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                running.shutdownNow();
            }
        }
        server = null;
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException("can't delete " + socket, e);
        }
    }

    /// Just stops serving; what the kubelet has allocated stays allocated.
    void close() {
        Server running = server;
        if (running != null) {
            running.shutdownNow();
        }
        server = null;
        bound = null;
    }
}
