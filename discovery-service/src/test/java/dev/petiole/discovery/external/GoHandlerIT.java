package dev.petiole.discovery.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.api.agent.Observation;
import dev.petiole.api.agent.Observation.ObservedDevice;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.handler.HandlerState;
import dev.petiole.discovery.DiscoveryApplication;
import dev.petiole.discovery.testing.ScriptedRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The sample handler, in a process of its own and on another stack: Go's gRPC. Runs where there is Go.
class GoHandlerIT {

    private static final ConfigurationKey DOORS = ConfigurationKey.of("shop", "doors");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path build;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private final ScriptedRegistry registry = new ScriptedRegistry();
    private Path sockets;
    private @Nullable ConfigurableApplicationContext service;
    private @Nullable Process handler;

    @BeforeAll
    static void compile() throws Exception {
        Process compiler;
        try {
            var builder = new ProcessBuilder(
                    "go", "build", "-C", "../samples/go-handler", "-buildvcs=false", "-o", program(), ".");
            builder.environment().put("CGO_ENABLED", "0");
            compiler = builder.redirectErrorStream(true).start();
        } catch (IOException _) {
            assumeTrue(false, "there is no Go here");
            return;
        }
        var said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(compiler.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(compiler.exitValue()).as(said).isZero();
    }

    @BeforeEach
    void setUp() throws IOException {
        sockets = Files.createDirectories(directory.resolve("h"));
        startService();
    }

    @AfterEach
    void tearDown() {
        stopHandler();
        stopService();
        registry.close();
    }

    @Test
    void findsDevicesAndIsHeardAgainAfterEitherSideHasRestarted() throws Exception {
        try (var door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String first = "127.0.0.1:" + door.getLocalPort();
            String second = "127.0.0.1:" + other.getLocalPort();
            configure("addresses: ['" + first + "', '" + second + "']\neverySeconds: 1");
            startHandler();
            soon(() -> assertThat(identities()).containsExactly(first, second));
            soon(() -> assertThat(registry.handlerReports().getLast().handlers())
                    .filteredOn(each -> each.name().equals("tcp"))
                    .singleElement()
                    .satisfies(each -> {
                        assertThat(each.state()).isEqualTo(HandlerState.READY);
                        assertThat(each.detailsSchema()).containsKey("properties");
                    }));

            stopHandler();
            soon(() -> assertThat(last().reason()).isEqualTo("HandlerUnreachable"));
            other.close();
            startHandler();
            soon(() -> assertThat(identities()).containsExactly(first));

            stopService();
            startService();
            int before = registry.observations().size();
            soon(() -> assertThat(registry.observations()).hasSizeGreaterThan(before));
            soon(() -> assertThat(identities()).containsExactly(first));
            assertThat(registry.observations())
                    .filteredOn(observation -> observation.devices() != null)
                    .allSatisfy(observation -> assertThat(observation.devices()).isNotEmpty());
        }
    }

    @Test
    void whatItRefusesIsToldInItsOwnWords() throws Exception {
        configure("addresses: []");
        startHandler();

        soon(() -> {
            assertThat(last().reason()).isEqualTo("InvalidDetails");
            assertThat(last().message())
                    .contains("discoveryDetails.addresses: missing (expected: a list of host:port)");
        });
    }

    private static String program() {
        return build.resolve("tcp-handler").toString();
    }

    private void startHandler() throws IOException {
        var builder =
                new ProcessBuilder(program()).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("DISCOVERY_HANDLERS_DIRECTORY", sockets.toString());
        handler = builder.start();
    }

    private void stopHandler() {
        if (handler != null) {
            handler.destroyForcibly();
        }
    }

    private void configure(String details) {
        registry.putConfiguration(
                DOORS, "uid", 1, ConfigurationSpec.of(new DiscoveryHandlerSpec("tcp", details, null), 1));
    }

    private Observation last() {
        assertThat(registry.observations()).isNotEmpty();
        return registry.observations().getLast();
    }

    private List<String> identities() {
        List<Observation> lists = registry.observations().stream()
                .filter(observation -> observation.devices() != null)
                .toList();
        assertThat(lists).isNotEmpty();
        return lists.getLast().devices().stream().map(ObservedDevice::identity).toList();
    }

    private void startService() {
        service = new SpringApplicationBuilder(DiscoveryApplication.class)
                .run(
                        "--petiole.management.port=0",
                        "--petiole.node-name=node1",
                        "--petiole.registry.url=" + registry.uri(),
                        "--petiole.data-dir=" + directory.resolve("data"),
                        "--petiole.kubelet.device-plugins=" + directory.resolve("none"),
                        "--petiole.kubelet.pod-resources=" + directory.resolve("none"),
                        "--petiole.external-handlers.directory=" + sockets,
                        // In the tests' class path there is a handler of the same name.
                        "--petiole.handlers.disabled=tcp");
    }

    private void stopService() {
        if (service != null) {
            service.close();
        }
    }

    private static void soon(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(assertion);
    }
}
