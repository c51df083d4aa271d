package dev.petiole.discovery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.discovery.external.ScriptedExternalHandler;
import dev.petiole.discovery.onvif.AnnouncedCamera;
import dev.petiole.discovery.opcua.MdnsAnnouncement;
import dev.petiole.discovery.opcua.RunningServer;
import dev.petiole.discovery.testing.FakeKubelet;
import dev.petiole.discovery.testing.ScriptedRegistry;
import dev.petiole.discovery.testing.TcpForwarder;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// How long it takes from an event at a device until the registry has been told, over 100 events for each protocol; and
/// what the service does while nothing happens. Prints tables; asserts no figures. Linux, root, `ip`.
///
/// `mvn -Dquick package`, then `mvn -pl discovery-service -am -Dtest=LatencyBenchmark
/// -Dsurefire.failIfNoSpecifiedTests=false test`;
/// `-Dpetiole.benchmark.settling=270` waits so many seconds before it looks at the idle service.
class LatencyBenchmark {

    private static final int EVENTS = Integer.getInteger("petiole.benchmark.events", 100);
    // In seconds; the compiler has something to do for minutes.
    private static final int SETTLING = Integer.getInteger("petiole.benchmark.settling", 30);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> FLAGS = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=32m",
            "-Xss256k",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-Xms8m",
            "-Xmx64m",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:AsyncDeflationInterval=60000",
            "-XX:ServiceThreadCleanupInterval=60000",
            "-Djdk.internal.httpclient.selectorTimeout=60000",
            "--enable-native-access=ALL-UNNAMED");

    @TempDir(cleanup = CleanupMode.NEVER)
    private Path directory;

    private final String suffix = Long.toString(ProcessHandle.current().pid());
    private final String near = "lb" + suffix + "a";
    // Leases as the real registry wants them.
    private final ScriptedRegistry registry = new ScriptedRegistry(Duration.ofSeconds(10));
    private FakeKubelet kubelet;
    private ServiceProcess service;
    private long generation;

    /// One device's event.
    @FunctionalInterface
    private interface Act {
        void run() throws Exception;
    }

    @BeforeEach
    void start() throws Exception {
        assumeTrue(
                isDone("ip", "link", "add", near, "type", "veth", "peer", "name", "lb" + suffix + "b"),
                "no virtual interfaces here");
        run("ip", "address", "add", "10.99.9.1/24", "dev", near);
        run("ip", "link", "set", near, "up");
        run("ip", "link", "set", "lb" + suffix + "b", "up");
        kubelet = new FakeKubelet(Files.createTempDirectory("k"));
        kubelet.start();
        service = ServiceProcess.start(ServiceProcess.extract(directory), FLAGS, registry, kubelet);
    }

    @AfterEach
    void stop() throws Exception {
        if (service != null) {
            service.close();
        }
        if (kubelet != null) {
            kubelet.close();
        }
        registry.close();
        isDone("ip", "link", "delete", near);
    }

    /// A tap interface comes and goes.
    @Test
    void udev() throws Exception {
        String tap = "lt" + suffix;
        configure("udev", "udev", "udevRules: ['SUBSYSTEM==\"net\", KERNEL==\"" + tap + "\"']");
        Process ip = new ProcessBuilder("ip", "-force", "-batch", "-")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var appeared = new ArrayList<Long>();
        var gone = new ArrayList<Long>();
        try {
            settle();
            for (int i = 0; i < EVENTS; i++) {
                appeared.add(
                        nanos(() -> tell(ip, "tuntap add dev " + tap + " mode tap"), () -> isThere("/net/" + tap)));
                gone.add(nanos(() -> tell(ip, "tuntap del dev " + tap + " mode tap"), () -> !isThere("/net/" + tap)));
            }
        } finally {
            ip.destroy();
        }
        print("udev: a tap interface appears", appeared);
        print("udev: it is gone", gone);
    }

    @Test
    void onvif() throws Exception {
        configure("onvif", "onvif", "probeInterval: 1h");
        NetworkInterface at = NetworkInterface.getByName(near);
        settle();
        var hello = new ArrayList<Long>();
        var bye = new ArrayList<Long>();
        for (int i = 0; i < EVENTS; i++) {
            String uuid = "camera-" + i;
            try (var camera = AnnouncedCamera.start(
                    uuid,
                    at,
                    at.inetAddresses()
                            .filter(Inet4Address.class::isInstance)
                            .findFirst()
                            .orElseThrow())) {
                hello.add(nanos(camera::hello, () -> isThere(uuid)));
                bye.add(nanos(camera::bye, () -> !isThere(uuid)));
            }
        }
        print("onvif: Hello to device", hello);
        print("onvif: Bye to none", bye);
    }

    /// A server is announced by multicast DNS at a port that leads to it, and then the port and all its connections
    /// close.
    @Test
    void opcua() throws Exception {
        configure("opcua", "opcua", "{pollInterval: 1m, opcuaDiscoveryMethod: {mdns: {}}}");
        settle();
        var announced = new ArrayList<Long>();
        var ended = new ArrayList<Long>();
        try (var server = RunningServer.start("announced")) {
            for (int i = 0; i < EVENTS; i++) {
                String instance = "s" + i;
                var door = TcpForwarder.to(server.url());
                announced.add(nanos(() -> announce(instance, door.port()), () -> isThere("announced")));
                // Milo's server turns away whoever connects more than a few times a second.
                TimeUnit.MILLISECONDS.sleep(1200);
                ended.add(nanos(door::close, () -> !isThere("announced")));
            }
        }
        print("opcua: announced by multicast DNS", announced);
        print("opcua: its connection closes", ended);
    }

    @Test
    void external() throws Exception {
        configure("external", "scripted", "");
        var appeared = new ArrayList<Long>();
        var gone = new ArrayList<Long>();
        try (var handler =
                ScriptedExternalHandler.onSocket(service.externalHandlers(), "scripted", "scripted.sock", false)) {
            handler.list().register();
            settle();
            for (int i = 0; i < EVENTS; i++) {
                String device = "device-" + i;
                appeared.add(nanos(() -> handler.list(device), () -> isThere(device)));
                gone.add(nanos(handler::list, () -> !isThere(device)));
                // More than 100 lists in 10 s would be taken for a flood.
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
        print("external handler: a list with a device", appeared);
        print("external handler: a list without", gone);
    }

    /// Twice, a second apart, as RFC 6762 §8.3 wants it.
    private void announce(String instance, int port) throws Exception {
        NetworkInterface at = NetworkInterface.getByName(near);
        MdnsAnnouncement.send(instance, port, at);
        Thread.ofVirtual().start(() -> {
            try {
                TimeUnit.SECONDS.sleep(1);
                MdnsAnnouncement.send(instance, port, at);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /// With a device of each protocol and nothing happening: processor time and wake-ups.
    @Test
    void idle() throws Exception {
        configure("udev", "udev", "udevRules: ['KERNEL==\"null\"']");
        configure("echo", "debugEcho", "descriptions: [one]");
        configure("onvif", "onvif", "");
        try (var server = RunningServer.start("idle")) {
            configure("opcua", "opcua", "opcuaDiscoveryMethod: {standard: {discoveryUrls: ['" + server.url() + "']}}");
            await(() -> registry.devices().size() >= 3);
            TimeUnit.SECONDS.sleep(SETTLING);
            double processor = service.footprint().processorSeconds();
            WakeUps wakeUps = WakeUps.count(service.process().toHandle(), Duration.ofMinutes(1));
            System.out.printf(
                    "%n| idle for a minute, 4 handlers | processor %.2f %% of a core | %.2f wake-ups a second | %.1f of threads |%n",
                    (service.footprint().processorSeconds() - processor) / 60 * 100,
                    wakeUps.momentsASecond(),
                    wakeUps.switchesASecond());
            for (Map.Entry<String, Double> thread : wakeUps.busiest(12)) {
                System.out.printf("| %s | %.1f a second |%n", thread.getKey(), thread.getValue());
            }
        }
    }

    private void settle() throws Exception {
        await(() -> !registry.observations().isEmpty());
        TimeUnit.SECONDS.sleep(5);
    }

    private boolean isThere(String part) {
        return registry.devices().stream().anyMatch(device -> device.identity().contains(part));
    }

    private static double millisOf(long nanos) {
        return nanos / 1e6;
    }

    /// @return nanoseconds
    private static long nanos(Act act, BooleanSupplier isSeen) throws Exception {
        long begun = System.nanoTime();
        act.run();
        await(isSeen);
        return System.nanoTime() - begun;
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
            LockSupport.parkNanos(200_000);
        }
    }

    /// A row of: event, number, median, 99th percentile, maximum.
    private static void print(String what, List<Long> nanos) {
        Collections.sort(nanos);
        System.out.printf(
                "| %s | %d | %.0f ms | %.0f ms | %.0f ms |%n",
                what,
                nanos.size(),
                millisOf(nanos.get(nanos.size() / 2)),
                millisOf(nanos.get((int) Math.ceil(nanos.size() * 0.99) - 1)),
                millisOf(nanos.getLast()));
    }

    private void configure(String name, String handler, String details) {
        registry.putConfiguration(
                ConfigurationKey.of("benchmark", name),
                "uid-" + name,
                ++generation,
                ConfigurationSpec.of(new DiscoveryHandlerSpec(handler, details, null), 1));
    }

    private static void tell(Process ip, String command) throws IOException {
        ip.outputWriter().write(command + "\n");
        ip.outputWriter().flush();
    }

    private static void run(String... command) throws Exception {
        assertThat(isDone(command)).as(String.join(" ", command)).isTrue();
    }

    private static boolean isDone(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
