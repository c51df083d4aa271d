package dev.petiole.discovery.benchmark;

import static org.awaitility.Awaitility.await;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.discovery.opcua.RunningServer;
import dev.petiole.discovery.testing.FakeKubelet;
import dev.petiole.discovery.testing.ScriptedRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// How much memory one node's service takes, and what each way to run its JVM gives. Prints a table; asserts nothing.
///
/// `mvn -Dquick package`, then `mvn -pl discovery-service -am -Dtest=MemoryBenchmark
/// -Dsurefire.failIfNoSpecifiedTests=false test`; `-Dpetiole.benchmark.only=<text>` runs only the variants whose name
/// has the text, `-Dpetiole.benchmark.flags="-Xmx24m …"` those flags alone (with an AOT cache if
/// `-Dpetiole.benchmark.aot=true`), `-Dpetiole.benchmark.flapping=60` (minutes) adds a long run.
class MemoryBenchmark {

    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int MANY = 500;

    private static final List<String> NATIVE = List.of("--enable-native-access=ALL-UNNAMED");
    private static final List<String> SMALL = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=32m",
            "-Xss256k",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders");

    @TempDir(cleanup = CleanupMode.NEVER)
    private Path directory;

    private final ScriptedRegistry registry = new ScriptedRegistry();
    private long generation;

    /// @param isArchived whether an AOT cache is trained first
    private record Variant(String name, boolean isArchived, List<String> flags) {

        Variant(String name, boolean isArchived, List<String> base, String... more) {
            var flags = new ArrayList<>(base);
            flags.addAll(List.of(more));
            this(name, isArchived, List.copyOf(flags));
        }
    }

    private static List<Variant> variants() {
        String given = System.getProperty("petiole.benchmark.flags");
        if (given != null) {
            return List.of(new Variant(given, Boolean.getBoolean("petiole.benchmark.aot"), List.of(given.split(" "))));
        }
        List<String> relocated = concat(SMALL, "-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0");
        return List.of(
                new Variant("the JVM's defaults", false, NATIVE),
                new Variant("a heap of 77 MB, as the first images had", false, concat(SMALL, "-Xmx77m")),
                new Variant("a heap of 48 MB", false, concat(SMALL, "-Xms8m", "-Xmx48m")),
                new Variant("a heap of 32 MB", false, concat(SMALL, "-Xms8m", "-Xmx32m")),
                new Variant("and the archive not relocated", false, concat(relocated, "-Xms8m", "-Xmx32m")),
                new Variant("and an AOT cache", true, concat(relocated, "-Xms8m", "-Xmx32m")),
                new Variant("and a young generation of 4 MB", true, concat(relocated, "-Xms11m", "-Xmx32m", "-Xmn4m")),
                new Variant(
                        "and a trim of the native heap",
                        true,
                        concat(relocated, "-Xms8m", "-Xmx32m", "-XX:TrimNativeHeapInterval=5000")));
    }

    @Test
    void table() throws Exception {
        Path jar = ServiceProcess.extract(directory);
        String only = System.getProperty("petiole.benchmark.only", "");
        var rows = new LinkedHashMap<String, List<ServiceProcess.Footprint>>();
        for (Variant variant : variants()) {
            if (variant.name().contains(only)) {
                rows.put(variant.name(), measure(jar, variant));
            }
        }
        System.out.printf(
                "%n| MiB: resident (anonymous) | idle | 4 handlers, 4 devices | + %d local devices | threads |%n",
                MANY);
        System.out.println("| --- | --- | --- | --- | --- |");
        rows.forEach((name, row) -> System.out.printf(
                "| %s | %s | %d |%n",
                name,
                row.stream().map(MemoryBenchmark::cell).collect(Collectors.joining(" | ")),
                row.getLast().threads()));
    }

    private List<ServiceProcess.Footprint> measure(Path jar, Variant variant) throws Exception {
        List<String> flags = concat(variant.flags(), NATIVE.getFirst());
        if (variant.isArchived()) {
            Path cache = directory.resolve("cache-" + System.nanoTime() + ".aot");
            train(jar, concat(flags, "-XX:AOTCacheOutput=" + cache));
            flags = concat(flags, "-XX:AOTCache=" + cache, "-XX:AOTMode=on");
        }
        // Short: sockets' paths are limited.
        try (var kubelet = new FakeKubelet(Files.createTempDirectory("k"));
                var server = RunningServer.start("benchmark")) {
            kubelet.start();
            try (var service = ServiceProcess.start(jar, flags, registry, kubelet)) {
                var row = new ArrayList<ServiceProcess.Footprint>();
                row.add(settled(service));
                configureEach(server.url());
                awaitDevices(4);
                row.add(settled(service));
                nativeMemory(service);
                configure("many", "debugEcho", "descriptions: [" + names(MANY) + "]");
                awaitDevices(4 + MANY);
                row.add(settled(service));
                flap(service);
                return row;
            } finally {
                removeAll();
            }
        }
    }

    private static void nativeMemory(ServiceProcess service) throws Exception {
        if (System.getProperty("petiole.benchmark.flags", "").contains("NativeMemoryTracking")) {
            for (String question : List.of("VM.native_memory summary", "GC.heap_info", "GC.class_histogram")) {
                new ProcessBuilder("jcmd", Long.toString(service.process().pid()), question)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                Path.of("target", "memory.txt").toFile()))
                        .start()
                        .waitFor();
            }
        }
    }

    /// What the image's build does: starts it, lets it look for a while, and ends it.
    private void train(Path jar, List<String> flags) throws Exception {
        try (var kubelet = new FakeKubelet(Files.createTempDirectory("k"))) {
            kubelet.start();
            try (var service = ServiceProcess.start(jar, flags, registry, kubelet)) {
                configure("null", "udev", "udevRules: ['KERNEL==\"null\"']");
                configure("echo", "debugEcho", "descriptions: [one]");
                awaitDevices(2);
                service.get("/actuator/prometheus");
            } finally {
                removeAll();
            }
        }
    }

    private void configureEach(String opcUaUrl) {
        configure("null", "udev", "udevRules: ['KERNEL==\"null\"']");
        configure("echo", "debugEcho", "descriptions: [one, two]");
        configure("server", "opcua", "opcuaDiscoveryMethod: {standard: {discoveryUrls: ['" + opcUaUrl + "']}}");
        configure("cameras", "onvif", "");
    }

    private void configure(String name, String handler, String details) {
        registry.putConfiguration(
                ConfigurationKey.of("benchmark", name),
                "uid-" + name,
                ++generation,
                ConfigurationSpec.of(new DiscoveryHandlerSpec(handler, details, null), 1));
    }

    private void removeAll() {
        List.of("null", "echo", "server", "cameras", "many")
                .forEach(name -> registry.deleteConfiguration(ConfigurationKey.of("benchmark", name)));
    }

    private void awaitDevices(int count) {
        await().atMost(LIMIT).until(() -> registry.devices().size() >= count);
    }

    /// Lets the first flurry pass, with the scrapes that a cluster's Prometheus would make.
    private static ServiceProcess.Footprint settled(ServiceProcess service) throws Exception {
        for (int scrape = 0; scrape < 10; scrape++) {
            service.get("/actuator/prometheus");
            TimeUnit.SECONDS.sleep(1);
        }
        return service.footprint();
    }

    /// One Configuration's devices come and go twice a second, for as long as was asked for.
    private void flap(ServiceProcess service) throws Exception {
        Duration duration = Duration.ofMinutes(Integer.getInteger("petiole.benchmark.flapping", 0));
        long end = System.nanoTime() + duration.toNanos();
        for (int flip = 0; System.nanoTime() < end; flip++) {
            configure("many", "debugEcho", "descriptions: [" + names(flip % 2 == 0 ? 10 : MANY) + "]");
            TimeUnit.MILLISECONDS.sleep(500);
            if (flip % 1200 == 0) {
                System.out.printf("flapping, flip %d: %s%n", flip, cell(service.footprint()));
            }
        }
        if (duration.isPositive()) {
            System.out.printf("after %s of flapping: %s%n", duration, cell(settled(service)));
        }
    }

    private static String names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "device-" + i).collect(Collectors.joining(", "));
    }

    private static String cell(ServiceProcess.Footprint it) {
        String set = it.workingSet() == 0 ? "" : ", set %d".formatted(it.workingSet() / 1024);
        return "%d (%d)%s, %.1f s".formatted(it.resident() / 1024, it.anonymous() / 1024, set, it.processorSeconds());
    }

    private static List<String> concat(List<String> base, String... more) {
        var all = new ArrayList<>(base);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }
}
