package dev.petiole.discovery.external;

import dev.petiole.discovery.kubelet.KubeletGrpc;
import dev.petiole.discovery.pace.Backoff;
import dev.petiole.discovery.pace.Loop;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Keeps the registration socket there: the directory may come late, be emptied, or belong to Akri's agent for
/// now.
@Component
final class RegistrationServer implements SmartLifecycle {

    /// The name that Akri's handlers know.
    static final String SOCKET = "agent-registration.sock";

    private static final int PHASE = 130;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);

    private final ExternalHandlerProperties properties;
    private final Endpoints endpoints;
    private final KubeletGrpc grpc;
    private final RegistrationService service;
    private final Loop loop;

    // Touched by the loop alone, and by stop() after it.
    private @Nullable Server server;
    private @Nullable Object bound;

    RegistrationServer(
            ExternalHandlerProperties properties,
            Endpoints endpoints,
            KubeletGrpc grpc,
            RegistrationService service,
            RandomGenerator random) {
        this.properties = properties;
        this.endpoints = endpoints;
        this.grpc = grpc;
        this.service = service;
        this.loop = new Loop(
                "handler-registration", new Backoff(FIRST_BACKOFF, MAX_BACKOFF, random), this::ensureListening);
    }

    private Duration ensureListening() {
        Path directory = properties.directory();
        if (directory == null) {
            return Duration.ofDays(1);
        }
        try {
            listen(directory.resolve(SOCKET), directory.resolve("." + SOCKET));
        } catch (IOException e) {
            throw new UncheckedIOException("can't listen in " + directory, e);
        }
        endpoints.forgetLost();
        return LOOK_EVERY;
    }

    /// The socket appears under its name only when it has its permissions and can be used, so that nobody ever
    /// meets one that is open to all, or dead.
    private void listen(Path socket, Path fresh) throws IOException {
        if (bound != null && bound.equals(identity(socket))) {
            return;
        }
        closeServer();
        if (isServed(socket)) {
            throw new IllegalStateException(
                    socket + " is served by another agent (expected: stop it, or use another directory)");
        }
        Files.createDirectories(socket.getParent());
        Files.deleteIfExists(fresh);
        server = grpc.server(fresh, service).start();
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(properties.socketMode()));
        Files.move(fresh, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        bound = identity(socket);
    }

    private static boolean isServed(Path socket) {
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return true;
        } catch (IOException _) {
            // Not there, or left behind by one that is gone.
            return false;
        }
    }

    private static @Nullable Object identity(Path socket) {
        try {
            return Files.readAttributes(socket, BasicFileAttributes.class).fileKey();
        } catch (IOException _) {
            // Not there.
            return null;
        }
    }

    private void closeServer() {
        Server running = server;
        if (running != null) {
            running.shutdownNow();
        }
        server = null;
        bound = null;
    }

    @Override
    public void start() {
        if (properties.directory() != null) {
            endpoints.restore();
        }
        loop.start();
    }

    @Override
    public void stop() {
        loop.close();
        Path directory = properties.directory();
        boolean isOurs = bound != null && directory != null && bound.equals(identity(directory.resolve(SOCKET)));
        closeServer();
        if (isOurs && directory != null) {
            try {
                Files.deleteIfExists(directory.resolve(SOCKET));
            } catch (IOException e) {
                throw new UncheckedIOException("can't delete the registration socket", e);
            }
        }
        endpoints.close();
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
