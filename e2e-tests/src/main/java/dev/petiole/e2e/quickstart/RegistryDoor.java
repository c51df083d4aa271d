package dev.petiole.e2e.quickstart;

import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.RegistryAuthority;
import dev.petiole.e2e.process.Background;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/// The registry's API and Swagger UI at a port of 127.0.0.1, for as long as the quickstart is up.
final class RegistryDoor {

    private static final int USUAL_PORT = 8080;

    private final Background process;
    private final Path log;
    private final Path caFile;

    RegistryDoor(Path directory) {
        this.process = new Background(directory.resolve("forward.pid"));
        this.log = directory.resolve("forward.log");
        this.caFile = directory.resolve("registry-ca.crt");
    }

    /// Opens it, at the usual port if that is free, and waits until the registry answers there.
    int open(Kubectl kubectl, String namespace) {
        process.end();
        RegistryAuthority authority = RegistryAuthority.of(kubectl, namespace);
        keep(authority);
        int port = isFree(USUAL_PORT) ? USUAL_PORT : anyFreePort();
        // kubectl's forward ends with the Pod it leads to, so another takes its place.
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", "while :; do \"$@\"; sleep 1; done", "registry-door"));
        command.addAll(kubectl.commandLine(
                "-n",
                namespace,
                "port-forward",
                "--address",
                "127.0.0.1",
                "service/petiole-registry-service",
                port + ":8080"));
        process.start(command, log);
        Awaitility.await("registry at port " + port)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(300))
                .ignoreExceptions()
                .until(() -> answers(port, authority));
        return port;
    }

    /// The certificate of the authority by which a client knows the registry.
    Path caFile() {
        return caFile;
    }

    boolean isOpen() {
        return process.isRunning();
    }

    void close() {
        process.end();
    }

    private static boolean answers(int port, RegistryAuthority authority) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(authority.context())
                .connectTimeout(Duration.ofSeconds(2))
                .build()) {
            var request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:%d/swagger-ui.html".formatted(port)))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return client.send(request, BodyHandlers.discarding()).statusCode() < 500;
        }
    }

    private void keep(RegistryAuthority authority) {
        try {
            Files.writeString(caFile, authority.pem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static int anyFreePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
