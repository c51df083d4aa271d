package dev.petiole.e2e.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A real API server without nodes, for tests of what talks to the API alone. It ends when it is closed, with this
/// JVM at the latest.
public final class ApiServerProcess implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("kubeconfig=(.+) kubectl=(.+)");

    private final Process process;
    private final Kubectl kubectl;

    private ApiServerProcess(Process process, Kubectl kubectl) {
        this.process = process;
        this.kubectl = kubectl;
    }

    /// @param directory where it keeps its data and logs
    /// @throws IOException if it can't be started here; the message names the log that tells why
    public static ApiServerProcess start(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path log = directory.resolve("script.log");
        Process process = new ProcessBuilder(
                        Repository.find()
                                .path("e2e-tests", "cluster", "api-server.sh")
                                .toString(),
                        directory.toString())
                .redirectError(log.toFile())
                .start();
        // What it says last, it says when it is ready: nothing is left in the pipe.
        String line = process.inputReader(StandardCharsets.UTF_8).readLine();
        Matcher ready = READY.matcher(line == null ? "" : line);
        if (!ready.matches()) {
            process.getOutputStream().close();
            throw new IOException("no API server: " + log.toAbsolutePath());
        }
        return new ApiServerProcess(process, new Kubectl(Path.of(ready.group(2)), Path.of(ready.group(1))));
    }

    public Kubectl kubectl() {
        return kubectl;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
    }
}
