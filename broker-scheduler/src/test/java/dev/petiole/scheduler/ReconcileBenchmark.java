package dev.petiole.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.testing.FakeNodes;
import dev.petiole.scheduler.testing.FakeRegistry;
import dev.petiole.scheduler.testing.Kubectl;
import dev.petiole.scheduler.testing.PodWatch;
import dev.petiole.scheduler.testing.RequiresApiServer;
import dev.petiole.scheduler.testing.TestCluster;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The scheduler as it is shipped, in a process of its own, with many devices on many nodes: against a real API server
/// and a registry that only says what there is. Its figures stand in docs/benchmarks.md.
///
/// `mvn -pl broker-scheduler -am verify -Dit.test=ReconcileBenchmark -Dtest=None
/// -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false`; `-Dpetiole.benchmark.devices=1000`
/// makes it smaller.
@RequiresApiServer
class ReconcileBenchmark {

    private static final int DEVICES = Integer.getInteger("petiole.benchmark.devices", 10_000);
    private static final int NODES = Math.max(10, DEVICES / 20);
    private static final int CONFIGURATIONS = 10;
    private static final String HEAP = System.getProperty("petiole.benchmark.heap", "1g");
    private static final String NAMESPACE = "reconcile-benchmark";
    private static final Instant SINCE = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration LIMIT = Duration.ofMinutes(20);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Kubectl kubectl = TestCluster.get().kubectl();
    private FakeRegistry registry;
    private FakeNodes nodes;
    private Process scheduler;
    private int managementPort;

    @BeforeEach
    void prepare() throws IOException {
        nodes = Objects.requireNonNull(TestCluster.get().fakeNodes());
        nodes.rest(true);
        IntStream.range(0, NODES).forEach(i -> nodes.add(node(i)));
        TestCluster.get().makeNamespace(NAMESPACE);
        registry = new FakeRegistry();
        registry.answerFrom(List.of(new NodeDiscovery(node(0), DiscoveryState.RUNNING, null, null, 1, 1)));
        start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        end();
        registry.close();
        nodes.rest(false);
        IntStream.range(0, NODES).forEach(i -> nodes.remove(node(i)));
    }

    @Test
    void manyDevices() throws IOException, InterruptedException {
        for (int i = 0; i < CONFIGURATIONS; i++) {
            String path = "/apis/petiole.dev/v1alpha1/namespaces/" + NAMESPACE + "/configurations/c" + i;
            kubectl.apply(path, """
                    {apiVersion: petiole.dev/v1alpha1, kind: Configuration, metadata: {name: c%d, namespace: %s},
                     spec: {discoveryHandler: {name: opcua}, brokerSpec: {brokerPodSpec: {containers: [{name: b, image: "b:1"}]}}}}
                    """.formatted(i, NAMESPACE));
        }
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> IntStream.range(0, CONFIGURATIONS).allMatch(i -> registry.find(key(i)) != null));
        say("memory with no device: %d MB", memory());

        say("online to broker created, one device: %s", percentiles(oneByOne(50)));
        int first = 50;
        int next = Math.min(DEVICES, first + 1_000);
        double cpuBefore = processorSeconds();
        double requestsBefore = requests();
        say("online to broker created, %d devices at once: %s", next - first, percentiles(allAtOnce(first, next)));
        awaitRest();
        say(
                "  for it: %.1f s of processor time of the scheduler, %.1f requests a device",
                processorSeconds() - cpuBefore, (requests() - requestsBefore) / (next - first));
        say("memory with %d devices: %d MB", next, memory());

        double before = requests();
        cpuBefore = processorSeconds();
        long began = System.nanoTime();
        IntStream.range(next, DEVICES).forEach(this::put);
        awaitBrokers(DEVICES);
        say(
                "%d more devices on %d nodes: %.1f s, %.1f requests each, %.1f s of the scheduler's processor time",
                DEVICES - next,
                NODES,
                seconds(began),
                (requests() - before) / Math.max(1, DEVICES - next),
                processorSeconds() - cpuBefore);
        awaitRest();
        say("all at rest after %.1f s", seconds(began));
        say("memory with %d devices: %d MB", DEVICES, memory());

        end();
        began = System.nanoTime();
        start();
        awaitReady();
        say("restarted and informed after %.1f s", seconds(began));
        awaitRest();
        say(
                "at rest after %.1f s, %.0f requests, %.1f s of processor time",
                seconds(began), requests(), processorSeconds());
        say("memory after the restart: %d MB", memory());
        awaitBrokers(DEVICES);
    }

    private List<Double> oneByOne(int count) throws InterruptedException {
        List<Double> millis = new ArrayList<>();
        try (PodWatch watch = kubectl.watchPods(NAMESPACE)) {
            for (int i = 0; i < count; i++) {
                long began = System.nanoTime();
                put(i);
                millis.add((watch.await(name(i)) - began) / 1e6);
            }
        }
        return millis;
    }

    private List<Double> allAtOnce(int from, int to) throws InterruptedException {
        List<Double> millis = new ArrayList<>();
        try (PodWatch watch = kubectl.watchPods(NAMESPACE)) {
            Map<String, Long> putAt = new HashMap<>();
            for (int i = from; i < to; i++) {
                putAt.put(name(i), System.nanoTime());
                put(i);
            }
            for (Map.Entry<String, Long> device : putAt.entrySet()) {
                millis.add((watch.await(device.getKey()) - device.getValue()) / 1e6);
            }
        }
        return millis;
    }

    private static String percentiles(List<Double> millis) {
        List<Double> sorted = millis.stream().sorted().toList();
        return "p50 %.0f ms, p99 %.0f ms"
                .formatted(
                        sorted.get(sorted.size() / 2),
                        sorted.get(Math.min(sorted.size() - 1, sorted.size() * 99 / 100)));
    }

    private void put(int i) {
        var known = Objects.requireNonNull(registry.find(key(i % CONFIGURATIONS)));
        registry.put(new Device(
                name(i),
                known.key(),
                known.uid(),
                "opcua",
                "identity" + i,
                false,
                1,
                Map.of("URL", "opc.tcp://device-" + i + ".plant.example:4840/"),
                Admission.APPROVED,
                Presence.ONLINE,
                SINCE,
                List.of(new NodePresence(node(i % NODES), Presence.ONLINE, SINCE)),
                List.of(),
                "1"));
    }

    private void awaitBrokers(int count) {
        // A list of no more than the number that remains beyond the first.
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofSeconds(1)).until(() -> remaining(pods()) == count);
    }

    private int remaining(String path) {
        var list = kubectl.get(path + "?limit=1").body();
        return Json.objects(list, "items").size() + (int) Json.number(list, "metadata", "remainingItemCount");
    }

    private void awaitRest() throws InterruptedException {
        double last = -1;
        for (double now = requests(); now != last; now = requests()) {
            last = now;
            TimeUnit.SECONDS.sleep(3);
        }
    }

    private void start() throws IOException {
        try (var socket = new ServerSocket(0)) {
            managementPort = socket.getLocalPort();
        }
        scheduler = SchedulerProcess.start(
                registry.uri(),
                "scheduler.log",
                HEAP,
                "--management.server.port=" + managementPort,
                "--logging.level.dev.petiole=warn");
        awaitReady();
    }

    private void end() throws InterruptedException {
        scheduler.destroy();
        assertThat(scheduler.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private void awaitReady() {
        Awaitility.await()
                .atMost(LIMIT)
                .ignoreExceptions()
                .until(() -> fetch("/actuator/health/readiness").contains("\"UP\""));
    }

    private double requests() {
        try {
            return fetch("/actuator/prometheus")
                    .lines()
                    .filter(line ->
                            line.startsWith("petiole_kubernetes_requests_total") && !line.contains("verb=\"get\""))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String fetch(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private double processorSeconds() {
        return scheduler.info().totalCpuDuration().orElseThrow().toMillis() / 1_000.0;
    }

    private long memory() throws IOException {
        return Files.readString(Path.of("/proc/" + scheduler.pid() + "/status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
                .findFirst()
                .orElseThrow();
    }

    private static void say(String format, Object... arguments) {
        System.out.println("benchmark: " + format.formatted(arguments));
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private static ConfigurationKey key(int configuration) {
        return ConfigurationKey.of(NAMESPACE, "c" + configuration);
    }

    private static String name(int device) {
        return "c" + device % CONFIGURATIONS + "-device" + (100_000 + device);
    }

    private static String node(int i) {
        return "bench" + i;
    }

    private static String pods() {
        return "/api/v1/namespaces/" + NAMESPACE + "/pods";
    }
}
