package dev.petiole.scheduler;

import dev.petiole.scheduler.testing.TestCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The scheduler's jar as it is shipped, in a process of its own.
final class SchedulerProcess {

    private SchedulerProcess() {}

    /// @param log the file in target that gets its output
    static Process start(URI registry, String log, String heap, String... properties) throws IOException {
        Path jar;
        try (var files = Files.list(Path.of("target"))) {
            jar = files.filter(file -> file.getFileName().toString().matches("broker-scheduler-.*\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
        // As the image starts it, but for the heap, which there is set by the chart's memory limit.
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx" + heap,
                "-jar",
                jar.toString(),
                "--petiole.registry.url=" + registry,
                "--petiole.kubernetes.kubeconfig=" + TestCluster.get().kubeconfig(),
                "--server.port=0"));
        command.addAll(List.of(properties));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", log).toFile())
                .start();
    }
}
