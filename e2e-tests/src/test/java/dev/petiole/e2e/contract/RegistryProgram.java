package dev.petiole.e2e.contract;

import dev.petiole.e2e.cluster.Repository;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
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
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// The registry's jar in a process of its own, on a free port, with a new database.
public final class RegistryProgram implements AutoCloseable {

    private final Process process;
    private final URI uri;

    private RegistryProgram(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /// @param directory for the database and the log
    /// @param properties such as `petiole.security.mode=none`
    public static RegistryProgram start(Path directory, String... properties) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + freePort());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-jar",
                jar().toString(),
                "--server.port=" + uri.getPort(),
                "--management.server.port=0",
                "--petiole.data-dir=" + directory.resolve("data")));
        Stream.of(properties).map(property -> "--" + property).forEach(command::add);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("registry.log").toFile())
                .start();
        var registry = new RegistryProgram(process, uri);
        Awaitility.await("registry at " + uri)
                .atMost(Duration.ofMinutes(2))
                .failFast("it ended: see " + directory.resolve("registry.log"), () -> !process.isAlive())
                .ignoreException(ConnectException.class)
                .until(registry::answers);
        return registry;
    }

    public URI uri() {
        return uri;
    }

    @Override
    public void close() {
        process.destroy();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !process.isAlive());
    }

    private boolean answers() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(uri.resolve("/v3/api-docs")).build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        }
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Repository.find().path("registry-service", "target"))) {
            return files.filter(
                            file -> file.getFileName().toString().matches("registry-service-[^-]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("registry-service/target has no jar: mvn package"));
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
