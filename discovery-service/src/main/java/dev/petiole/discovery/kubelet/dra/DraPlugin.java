package dev.petiole.discovery.kubelet.dra;

import dev.petiole.discovery.kubelet.KubeletGrpc;
import dev.petiole.discovery.pace.Backoff;
import dev.petiole.discovery.pace.Loop;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// The driver's socket in the kubelet's directory of plugins, which the kubelet watches: there it is found,
/// asked what it is, and called. It is made anew should it vanish.
@Component
final class DraPlugin implements SmartLifecycle {

    // After the claims are known, before anything new is handed out.
    private static final int PHASE = 290;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final DraProperties properties;
    private final KubeletGrpc grpc;
    private final Preparation preparation;
    private final PreparedClaims prepared;
    private final CdiFiles cdi;
    private final Path socket;
    private final Loop loop;

    // Touched by the loop alone, and by stop() after it.
    private @Nullable Server server;

    DraPlugin(
            DraProperties properties,
            KubeletGrpc grpc,
            Preparation preparation,
            PreparedClaims prepared,
            CdiFiles cdi,
            RandomGenerator random) {
        this.properties = properties;
        this.grpc = grpc;
        this.preparation = preparation;
        this.prepared = prepared;
        this.cdi = cdi;
        this.socket = properties.pluginsRegistry().resolve("petiole.dev.sock");
        this.loop = new Loop("dra-plugin", new Backoff(FIRST_BACKOFF, MAX_BACKOFF, random), this::serve);
    }

    private Duration serve() {
        if (server == null || !Files.exists(socket)) {
            close();
            listen();
        }
        return LOOK_EVERY;
    }

    private void listen() {
        try {
            // One that a process left which had no chance to clean up. Its successor must be another file, since it is
            // by this that the kubelet notices.
            Files.deleteIfExists(socket);
            server = grpc.server(socket, new RegistrationService(), new DraService(preparation))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("can't listen on " + socket, e);
        }
    }

    private void close() {
        if (server != null) {
            server.shutdownNow();
            server = null;
        }
    }

    @Override
    public void start() {
        if (!properties.enabled()) {
            return;
        }
        if (prepared.load()) {
            cdi.deleteAllBut(prepared.list().stream().map(PreparedClaim::uid).collect(Collectors.toSet()));
        }
        loop.start();
    }

    /// Ends nothing: a restart of this service must not disturb the Pods that use devices.
    @Override
    public void stop() {
        loop.close();
        close();
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
