package dev.petiole.discovery.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.DiscoveryHandlerContract;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.RecordedSightings;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.eclipse.milo.opcua.stack.core.types.enumerated.ApplicationType;
import org.eclipse.milo.opcua.stack.core.types.structured.ApplicationDescription;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OpcUaHandlerTests extends DiscoveryHandlerContract {

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static RunningServer scale;

    private final OpcUaHandler handler = new OpcUaHandler();

    @BeforeAll
    static void startScale() {
        scale = RunningServer.start("scale");
    }

    @AfterAll
    static void stopScale() {
        scale.close();
    }

    @Override
    protected DiscoveryHandler handler() {
        return handler;
    }

    @Override
    protected HandlerInput inputThatFindsDevices() {
        return input("", scale.url());
    }

    @Override
    protected HandlerInput inputThatFindsNothing() {
        return input("applicationNames: {items: [nobody]}", scale.url());
    }

    @Test
    void tellsWhereTheServerIsWhoItIsAndHowToGetIn() {
        try (var sightings = discover("", scale.url())) {
            eventually(
                    PATIENCE,
                    () -> assertThat(sightings.last().devices())
                            .containsExactly(DiscoveredDevice.of(
                                            "urn:petiole:test:scale",
                                            Map.of(
                                                    "OPCUA_DISCOVERY_URL", scale.url(),
                                                    "OPCUA_APPLICATION_URI", "urn:petiole:test:scale",
                                                    "OPCUA_APPLICATION_NAME", "scale",
                                                    "OPCUA_PRODUCT_URI", "urn:product",
                                                    "OPCUA_SECURITY_POLICIES", "None",
                                                    "OPCUA_SECURITY_MODES", "None",
                                                    "OPCUA_USER_TOKEN_TYPES", "Anonymous,UserName"))
                                    .withLocator(scale.url())));
        }
    }

    @Test
    void unresolvableHostIsReplacedByTheOneThatAnswered() {
        int port = RunningServer.freePort();
        try (var _ = RunningServer.start("lost", "no-such-host.invalid", port);
                var sightings = discover("", RunningServer.url(port))) {
            eventually(
                    PATIENCE,
                    () -> assertThat(sightings.last().devices())
                            .singleElement()
                            .satisfies(device -> assertThat(device.properties())
                                    .containsEntry("OPCUA_DISCOVERY_URL", RunningServer.url(port))));
        }
    }

    @Test
    void urlThatAnswersNothingIsAWarningAndTheOthersGoOn() {
        String nobody = RunningServer.url(RunningServer.freePort());

        try (var sightings = discover("", nobody, "opc.tcp://no-such-host.invalid:4840/", scale.url())) {
            eventually(PATIENCE, () -> {
                assertThat(identities(sightings)).containsExactly("urn:petiole:test:scale");
                assertThat(sightings.last().warnings())
                        .hasSize(2)
                        .allSatisfy(warning ->
                                assertThat(warning.reason()).isEqualTo(DiscoveryReason.ENDPOINT_UNREACHABLE));
                assertThat(sightings.last().warnings().getFirst().message())
                        .isEqualTo(nobody + " does not answer: connection refused. "
                                + "Check that the server runs there and that this node can reach it.");
                assertThat(sightings.last().warnings().getLast().message()).contains("can't be resolved");
            });
        }
    }

    /// The poll interval is so long that only the closed connection can tell.
    @Test
    void serverThatStopsIsMissedAtOnceAndFoundAgainSoonAfterItsReturn() {
        int port = RunningServer.freePort();
        var server = RunningServer.start("flapping", "localhost", port);
        try (var sightings = discover("pollInterval: 1m", RunningServer.url(port), scale.url())) {
            eventually(PATIENCE, () -> assertThat(identities(sightings)).hasSize(2));

            server.close();

            eventually(SOON, () -> assertThat(identities(sightings)).containsExactly("urn:petiole:test:scale"));
            try (var _ = RunningServer.start("flapping", "localhost", port)) {
                eventually(PATIENCE, () -> {
                    assertThat(identities(sightings))
                            .containsExactlyInAnyOrder("urn:petiole:test:scale", "urn:petiole:test:flapping");
                    assertThat(sightings.last().warnings()).isEmpty();
                });
            }
        } finally {
            server.close();
        }
    }

    @Test
    void sameServerAtTwoUrlsIsOneDevice() {
        try (var sightings = discover("", scale.url(), scale.url().replace("localhost", "127.0.0.1"))) {
            eventually(PATIENCE, () -> assertThat(identities(sightings)).containsExactly("urn:petiole:test:scale"));
        }
    }

    @Test
    void excludedApplicationNameIsLeftOut() {
        try (var other = RunningServer.start("other");
                var sightings =
                        discover("applicationNames: {action: Exclude, items: [scale]}", scale.url(), other.url())) {
            eventually(PATIENCE, () -> assertThat(identities(sightings)).containsExactly("urn:petiole:test:other"));
        }
    }

    /// A discovery server tells of clients and of itself too. OPC UA Part 4 §7.1.
    @Test
    void discoveryServersListIsFollowedToServersThatAnswer() {
        String gone = RunningServer.url(RunningServer.freePort());
        List<ApplicationDescription> known = List.of(
                RunningServer.application("lds", ApplicationType.DiscoveryServer, "opc.tcp://localhost:1/"),
                RunningServer.application("hmi", ApplicationType.Client, "opc.tcp://localhost:2/"),
                RunningServer.application("web", ApplicationType.Server, "https://localhost:3/"),
                RunningServer.application("gone", ApplicationType.Server, gone),
                RunningServer.application("scale", ApplicationType.ClientAndServer, scale.url()));

        try (var lds = RunningServer.startDiscoveryServer(known);
                var sightings = discover("", lds.url())) {
            eventually(PATIENCE, () -> {
                assertThat(identities(sightings)).containsExactly("urn:petiole:test:scale");
                assertThat(sightings.last().warnings())
                        .singleElement()
                        .satisfies(warning -> assertThat(warning.message()).contains(gone));
            });
        }
    }

    @Test
    void serverThatSaysNothingCostsNoMoreThanTheTimeout() throws IOException {
        try (var silent = new ServerSocket(0);
                var sightings = discover("timeout: 500ms", RunningServer.url(silent.getLocalPort()), scale.url())) {
            eventually(PATIENCE, () -> {
                assertThat(identities(sightings)).containsExactly("urn:petiole:test:scale");
                assertThat(sightings.last().warnings())
                        .singleElement()
                        .satisfies(warning -> assertThat(warning.message()).contains("no answer within 500 ms"));
            });
        }
    }

    @Test
    void serverThatTalksRubbishIsAWarning() throws IOException {
        try (var rubbish = new ServerSocket(0);
                var sightings = discover("timeout: 1s", RunningServer.url(rubbish.getLocalPort()), scale.url())) {
            Thread.ofVirtual().start(() -> answerRubbish(rubbish));

            eventually(PATIENCE, () -> {
                assertThat(identities(sightings)).containsExactly("urn:petiole:test:scale");
                assertThat(sightings.last().warnings()).hasSize(1);
            });
        }
    }

    /// Milo costs about 40 MiB: a node without an OPC UA Configuration must not pay for it.
    @Test
    void preparingNeedsNoOpcUaLibrary() throws Exception {
        URL[] classPathWithoutMilo = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("milo"))
                .map(entry -> toUrl(new File(entry)))
                .toArray(URL[]::new);
        try (var loader = new URLClassLoader(classPathWithoutMilo, ClassLoader.getPlatformClassLoader())) {
            Class<?> inputType = loader.loadClass(HandlerInput.class.getName());
            Object input = inputType.getMethod("of", String.class).invoke(null, details("", "opc.tcp://localhost:1/"));
            Constructor<?> constructor =
                    loader.loadClass(OpcUaHandler.class.getName()).getDeclaredConstructor();
            constructor.setAccessible(true);

            Object discovery = loader.loadClass(DiscoveryHandler.class.getName())
                    .getMethod("prepare", inputType)
                    .invoke(constructor.newInstance(), input);

            assertThat(discovery).isNotNull();
        }
    }

    private RecordedSightings discover(String more, String... urls) {
        return new RecordedSightings(handler.prepare(input(more, urls)));
    }

    private static HandlerInput input(String more, String... urls) {
        return HandlerInput.of(details(more, urls));
    }

    private static String details(String more, String... urls) {
        return more + "\nopcuaDiscoveryMethod: {standard: {discoveryUrls: ['" + String.join("', '", urls) + "']}}\n";
    }

    private static List<String> identities(RecordedSightings sightings) {
        return sightings.last().devices().stream()
                .map(DiscoveredDevice::identity)
                .toList();
    }

    private static void eventually(Duration atMost, ThrowingRunnable assertion) {
        await().atMost(atMost).untilAsserted(assertion);
    }

    private static URL toUrl(File file) {
        try {
            URI uri = file.toURI();
            return uri.toURL();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void answerRubbish(ServerSocket server) {
        try {
            while (true) {
                try (Socket client = server.accept()) {
                    OutputStream out = client.getOutputStream();
                    out.write("HTTP/1.1 400 Bad Request\r\n\r\n".repeat(20).getBytes());
                    out.flush();
                    client.getInputStream().readNBytes(4);
                }
            }
        } catch (SocketException _) {
            // Closed at the end of the test.
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
