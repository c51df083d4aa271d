package dev.petiole.registry.testing;

import dev.petiole.registry.client.Credentials;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.RegistryUnreachable;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/// The service as a process of its own, which SIGKILL can end at any moment.
public final class RegistryProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(2);

    private final Path directory;
    private final int port;
    private final List<String> command;
    private Process process;

    private RegistryProcess(Path directory, int port, List<String> command) throws IOException {
        this.directory = directory;
        this.port = port;
        this.command = command;
        this.process = launch();
    }

    /// Starts one on a free port, on the database of the directory, and returns when it answers.
    public static RegistryProcess start(Path directory, String... properties) throws IOException {
        RegistryProcess registry = begin(directory, properties);
        registry.awaitReady();
        return registry;
    }

    /// Starts one without waiting for it.
    public static RegistryProcess begin(Path directory, String... properties) throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                // As in the image
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:MaxNewSize=24m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.petiole.registry.RegistryApplication"));
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("server.port=" + port);
        command.addAll(RunningRegistry.arguments(directory, all.toArray(String[]::new)));
        return new RegistryProcess(directory, port, command);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public long pid() {
        return process.pid();
    }

    /// @return resident memory, in KiB
    public long memory() throws IOException {
        return figure("status", "VmRSS:");
    }

    /// @return the bytes it has written in all, to files and connections
    public long written() throws IOException {
        return figure("io", "wchar:");
    }

    public RegistryClient client() {
        return new RegistryClient(uri(), Credentials.NONE);
    }

    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Starts it again on the same port, after [#kill].
    public void restart() throws IOException {
        process = launch();
        awaitReady();
    }

    public void awaitReady() {
        RegistryClient client = client();
        Awaitility.await()
                .atMost(START)
                .ignoreException(RegistryUnreachable.class)
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("registry ended, see " + log());
                    }
                    return client.nodes().list(null, null).items() != null;
                });
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /// As Linux tells it.
    private long figure(String file, String key) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid()), file)).stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private File log() {
        return directory.resolve("registry-" + port + ".log").toFile();
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log()))
                .start();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
