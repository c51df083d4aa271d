package dev.petiole.e2e.image;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// What a JVM found out at its start (JEP 483, 514, 515), for the next one to begin with: classes already loaded and
/// linked lie in a file that is mapped and, unlike what a JVM makes for itself, costs memory only where it is written
/// to.
///
/// The JVM takes it only with the very runtime, class path and file times of the training, which is why it is made
/// here.
final class AotCache {

    static final String FILE = "app.aot";

    /// Jib's time of files, which the training must see.
    private static final FileTime TIME = FileTime.from(Instant.ofEpochSecond(1));

    private static final Duration LIMIT = Duration.ofMinutes(4);

    private AotCache() {}

    /// Starts the service as its image does, alone in the world, and ends it once it is alive.
    ///
    /// @param runtime the image's own JDK
    /// @param extracted the application's layers
    /// @param scratch an empty directory
    /// @return the cache, in a directory that is a layer
    static Path train(PetioleImage image, Path runtime, Path extracted, Path scratch)
            throws IOException, InterruptedException {
        Path application = scratch.resolve("app");
        for (String layer : List.of("dependencies", "application")) {
            copy(extracted.resolve(layer), application);
        }
        Path layer = Files.createDirectories(scratch.resolve("aot"));
        Path log = scratch.resolve("log");
        int management = freePort();
        var command = new ArrayList<>(List.of(runtime.resolve("bin/java").toString()));
        command.addAll(image.flags());
        command.addAll(List.of("-XX:AOTCacheOutput=" + layer.resolve(FILE), "-jar", "app.jar"));
        var builder = new ProcessBuilder(command)
                .directory(application.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(surroundings(scratch, management));
        Process service = builder.start();
        try {
            awaitAlive(service, management);
            service.destroy();
            boolean isOver = service.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (!isOver || !Files.exists(layer.resolve(FILE))) {
                throw new IllegalStateException(
                        "no AOT cache was made of %s:%n%s".formatted(image.repository(), Files.readString(log)));
            }
            return layer;
        } finally {
            service.destroyForcibly();
        }
    }

    /// Nothing that the services look for is there: they start all the same.
    private static Map<String, String> surroundings(Path scratch, int management) throws IOException {
        Path kubeconfig = Files.writeString(scratch.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: none, cluster: {server: "http://127.0.0.1:1"}}]
                contexts: [{name: none, context: {cluster: none, user: none}}]
                users: [{name: none, user: {}}]
                current-context: none
                """);
        return Map.of(
                "MALLOC_ARENA_MAX", "1",
                "NODE_NAME", "none",
                "KUBECONFIG", kubeconfig.toString(),
                "PETIOLE_REGISTRY_URL", "http://127.0.0.1:1",
                "PETIOLE_DATA_DIR", scratch.resolve("data").toString(),
                "SERVER_PORT", Integer.toString(freePort()),
                "MANAGEMENT_SERVER_PORT", Integer.toString(management),
                "PETIOLE_MANAGEMENT_PORT", Integer.toString(management));
    }

    private static void awaitAlive(Process service, int port) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            Awaitility.await()
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> !service.isAlive() || isOk(client, port, "/actuator/health/liveness"));
            isOk(client, port, "/actuator/prometheus");
        }
    }

    private static boolean isOk(HttpClient client, int port, String path) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.isDirectory(from) ? Files.walk(from) : Stream.empty()) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                    Files.setLastModifiedTime(target, TIME);
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
