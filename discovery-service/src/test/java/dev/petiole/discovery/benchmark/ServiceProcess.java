package dev.petiole.discovery.benchmark;

import dev.petiole.discovery.testing.FakeKubelet;
import dev.petiole.discovery.testing.ScriptedRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// The discovery service in a JVM of its own, laid out as in its image, in a memory cgroup of its own where one can be
/// made (Linux, root, cgroup v1 or v2).
///
/// @param cgroup null if there is none
record ServiceProcess(
        Process process,
        int port,
        Path externalHandlers,
        @Nullable Path cgroup) implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final List<Path> CGROUP_ROOTS = List.of(Path.of("/sys/fs/cgroup/memory"), Path.of("/sys/fs/cgroup"));

    /// Takes the executable jar apart, as the image has it.
    static Path extract(Path directory) throws IOException, InterruptedException {
        Path app = directory.resolve("app");
        run(List.of(java(), "-Djarmode=tools", "-jar", jar().toString(), "extract", "--destination", app.toString()));
        try (Stream<Path> files = Files.list(app)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Path jar() throws IOException {
        String given = System.getProperty("petiole.benchmark.jar");
        if (given != null) {
            return Path.of(given);
        }
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.getFileName().toString().matches("discovery-service-[0-9.]+.*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no jar in target (build it with mvn package)"));
        }
    }

    static ServiceProcess start(Path jar, List<String> flags, ScriptedRegistry registry, FakeKubelet kubelet)
            throws IOException {
        Path directory = Files.createTempDirectory("petiole-benchmark-");
        int port = freePort();
        @Nullable Path cgroup = makeCgroup();
        var command = new ArrayList<String>();
        if (cgroup != null) {
            command.addAll(List.of(
                    "sh", "-c", "echo $$ > " + cgroup.resolve("cgroup.procs") + " && exec \"$@\"", "in-its-cgroup"));
        }
        command.add(java());
        command.addAll(flags);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(
                "--server.port=" + port,
                "--petiole.management.port=" + port,
                "--petiole.node-name=node1",
                "--petiole.registry.url=" + registry.uri(),
                "--petiole.data-dir=" + directory.resolve("data"),
                "--petiole.external-handlers.directory=" + directory,
                "--petiole.debug-echo.enabled=true",
                "--petiole.debug-echo.shared=false",
                "--petiole.debug-echo.availability-file=" + directory.resolve("availability"),
                "--petiole.kubelet.device-plugins=" + kubelet.devicePlugins(),
                "--petiole.kubelet.pod-resources=" + kubelet.podResources()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile());
        // As in the image.
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        var service = new ServiceProcess(builder.start(), port, directory, cgroup);
        Awaitility.await().atMost(START_LIMIT).ignoreExceptions().until(() -> {
            if (!service.process.isAlive()) {
                throw new IllegalStateException(Files.readString(directory.resolve("log")));
            }
            return service.get("/actuator/health/readiness").contains("UP");
        });
        return service;
    }

    String get(String path) throws IOException {
        return new String(
                java.net
                        .URI
                        .create("http://127.0.0.1:" + port + path)
                        .toURL()
                        .openStream()
                        .readAllBytes(),
                java.nio.charset.StandardCharsets.UTF_8);
    }

    Footprint footprint() throws IOException {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        List<String> status = Files.readAllLines(proc.resolve("status"));
        String[] stat = Files.readString(proc.resolve("stat"))
                .replaceFirst(".*\\) ", "")
                .split(" ");
        return new Footprint(
                kilobytes(status, "VmRSS:"),
                kilobytes(status, "RssAnon:"),
                kilobytes(status, "RssFile:"),
                workingSet(),
                (int) kilobytes(status, "Threads:"),
                (Long.parseLong(stat[11]) + Long.parseLong(stat[12])) / 100.0);
    }

    /// Ends it as the kubelet does, and waits.
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        if (cgroup != null) {
            Files.deleteIfExists(cgroup);
        }
    }

    /// As the kubelet reckons it: what is charged to the cgroup, less file pages that have not been used for a while.
    private long workingSet() throws IOException {
        if (cgroup == null) {
            return 0;
        }
        boolean isFirstVersion = Files.exists(cgroup.resolve("memory.usage_in_bytes"));
        long usage = Long.parseLong(
                Files.readString(cgroup.resolve(isFirstVersion ? "memory.usage_in_bytes" : "memory.current"))
                        .strip());
        long inactive = Files.readAllLines(cgroup.resolve("memory.stat")).stream()
                .filter(line -> line.startsWith(isFirstVersion ? "total_inactive_file " : "inactive_file "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .sum();
        return (usage - inactive) / 1024;
    }

    private static @Nullable Path makeCgroup() {
        String name = "petiole-benchmark-" + System.nanoTime();
        for (Path root : CGROUP_ROOTS) {
            try {
                Path made = Files.createDirectory(root.resolve(name));
                if (Files.exists(made.resolve("memory.stat"))) {
                    return made;
                }
                Files.delete(made);
            } catch (IOException _) {
                // Not this one, or not allowed.
            }
        }
        return null;
    }

    private static long kilobytes(List<String> status, String key) {
        return status.stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    private static int freePort() throws IOException {
        try (var socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// The setting `petiole.benchmark.java-home` names another runtime, such as the image's.
    static String java() {
        return Path.of(System.getProperty("petiole.benchmark.java-home", System.getProperty("java.home")), "bin/java")
                .toString();
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed");
        }
    }

    /// What a process takes, in KiB; `workingSet` is 0 where there is no cgroup.
    ///
    /// @param processorSeconds since it started
    record Footprint(long resident, long anonymous, long file, long workingSet, int threads, double processorSeconds) {}
}
