package dev.petiole.e2e.quickstart;

import dev.petiole.e2e.cluster.Cache;
import dev.petiole.e2e.cluster.Kubectl;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/// What one run of `./quickstart` tells the next: which cluster it used, and whether that cluster is the caller's own.
final class Memory {

    private final Path directory = Cache.directory().resolve("quickstart");
    private final Path file = directory.resolve("run.properties");

    /// @param isCallers whether the cluster was there before, and must stay
    record Run(Kubectl kubectl, boolean isCallers, int port) {}

    Path directory() {
        return directory;
    }

    void keep(Run run) {
        var properties = new Properties();
        properties.setProperty("kubectl", run.kubectl().executable().toString());
        properties.setProperty("kubeconfig", run.kubectl().kubeconfig().toString());
        properties.setProperty("callers", Boolean.toString(run.isCallers()));
        properties.setProperty("port", Integer.toString(run.port()));
        try {
            Files.createDirectories(directory);
            try (Writer writer = Files.newBufferedWriter(file)) {
                properties.store(writer, "The latest run of ./quickstart.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<Run> find() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var kubectl = new Kubectl(
                Path.of(properties.getProperty("kubectl", "kubectl")),
                Path.of(properties.getProperty("kubeconfig", "")));
        return Optional.of(new Run(
                kubectl,
                Boolean.parseBoolean(properties.getProperty("callers")),
                Integer.parseInt(properties.getProperty("port", "0"))));
    }

    void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
