package dev.petiole.e2e.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A port of 127.0.0.1 that leads to a Pod or Service, kept by a `kubectl port-forward` process that ends with it.
public final class PortForward implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Pattern OPENED = Pattern.compile("Forwarding from 127\\.0\\.0\\.1:(\\d+) ->.*");

    private final Process process;
    private final int port;

    private PortForward(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static PortForward open(Kubectl kubectl, String namespace, String target, int port) {
        var builder = new ProcessBuilder(kubectl.commandLine(
                        "-n", namespace, "port-forward", "--address", "127.0.0.1", target, ":" + port))
                .redirectErrorStream(true);
        try {
            Process process = builder.start();
            try {
                return new PortForward(process, awaitPort(process, target));
            } catch (IllegalStateException e) {
                process.destroyForcibly();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:%d%s".formatted(port, path));
    }

    /// @return the same, where TLS is spoken
    public URI secureUri(String path) {
        return URI.create("https://127.0.0.1:%d%s".formatted(port, path));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static int awaitPort(Process process, String target) {
        var found = new CompletableFuture<Integer>();
        // It goes on reading for as long as the process writes, lest the pipe fills up.
        Thread.ofVirtual().name("port-forward " + target).start(() -> readPort(process.inputReader(), target, found));
        try {
            return found.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("%s: cannot be forwarded".formatted(target), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("%s: interrupted".formatted(target), e);
        }
    }

    private static void readPort(BufferedReader reader, String target, CompletableFuture<Integer> found) {
        var all = new StringBuilder();
        try (reader) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                Matcher matcher = OPENED.matcher(line);
                if (matcher.matches()) {
                    found.complete(Integer.parseInt(matcher.group(1)));
                } else if (!found.isDone()) {
                    all.append(line).append(' ');
                }
            }
        } catch (IOException _) {
            // The process was ended.
        }
        found.completeExceptionally(new IllegalStateException("%s: %s".formatted(target, all)));
    }
}
