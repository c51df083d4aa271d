package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.DiscoveryHandlerContract;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.RecordedSightings;
import dev.petiole.discovery.handler.Warning;
import dev.petiole.discovery.onvif.SimulatedCamera.Login;
import dev.petiole.discovery.onvif.SimulatedCamera.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// With cameras on the loopback interface, real multicast and a port of the test's own.
class OnvifHandlerTests extends DiscoveryHandlerContract {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String UUID = SimulatedCamera.randomUuid();
    private static final Map<String, String> USER =
            Map.of("username_default", SimulatedCamera.USER, "password_default", SimulatedCamera.PASSWORD);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private NetworkInterface loopback;
    private int port;
    private OnvifHandler handler;
    private SimulatedCamera camera;

    @BeforeEach
    void start() throws IOException {
        loopback = NetworkInterface.getByInetAddress(LOOPBACK);
        try (var free = new DatagramSocket(0, LOOPBACK)) {
            port = free.getLocalPort();
        }
        handler = new OnvifHandler(Clock.systemUTC(), new OnvifNetwork(() -> List.of(loopback), port));
        camera = camera(Settings.of(UUID, Login.NONE));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable it : opened.reversed()) {
            it.close();
        }
    }

    @Override
    protected DiscoveryHandler handler() {
        return handler;
    }

    @Override
    protected HandlerInput inputThatFindsDevices() {
        return HandlerInput.of("");
    }

    @Override
    protected HandlerInput inputThatFindsNothing() {
        return HandlerInput.of("uuids: {items: [nobody]}");
    }

    @Test
    void tellsAllThatTheCameraTells() {
        RecordedSightings sightings = discover("", Map.of());

        eventually(() -> assertThat(sightings.last().devices())
                .containsExactly(DiscoveredDevice.of(
                                UUID,
                                Map.ofEntries(
                                        Map.entry("ONVIF_DEVICE_SERVICE_URL", camera.url()),
                                        Map.entry("ONVIF_DEVICE_UUID", UUID),
                                        Map.entry("ONVIF_DEVICE_IP_ADDRESS", "127.0.0.1"),
                                        Map.entry("ONVIF_DEVICE_MAC_ADDRESS", "00:40:8c:1a:2b:3c"),
                                        Map.entry("ONVIF_DEVICE_MANUFACTURER", "Gläserne  Augen"),
                                        Map.entry("ONVIF_DEVICE_MODEL", "Q1786-LE"),
                                        Map.entry("ONVIF_DEVICE_FIRMWARE_VERSION", "10.12.182"),
                                        Map.entry("ONVIF_DEVICE_SERIAL_NUMBER", "00408C1A2B3C"),
                                        Map.entry("ONVIF_DEVICE_HARDWARE_ID", "776"),
                                        Map.entry("ONVIF_DEVICE_NAME", "Gate camera"),
                                        Map.entry(
                                                "ONVIF_STREAM_URIS",
                                                "rtsp://192.0.2.31:554/stream?profile=main&x=1"
                                                        + " rtsp://192.0.2.31:554/stream?profile=sub&x=1")))
                        .withLocator(camera.url() + "-" + UUID)));
        assertThat(sightings.last().warnings()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"DIGEST_MD5", "DIGEST_SHA_256", "USERNAME_TOKEN"})
    void userIsShownInTheWayTheCameraWants(Login login) {
        String uuid = SimulatedCamera.randomUuid();
        // Years ahead: a token by our own clock would be refused.
        SimulatedCamera locked =
                camera(new Settings(uuid, login, Duration.ofDays(1_000), List.of("onvif://www.onvif.org/name/locked")));

        RecordedSightings sightings = discover("uuids: {items: ['" + uuid + "']}", USER);

        eventually(() -> assertThat(sightings.last().devices())
                .singleElement()
                .satisfies(it -> assertThat(it.properties())
                        .containsEntry("ONVIF_DEVICE_MODEL", "Q1786-LE")
                        .containsEntry("ONVIF_DEVICE_MAC_ADDRESS", "00:40:8c:1a:2b:3c")
                        .containsKey("ONVIF_STREAM_URIS")));
        assertThat(sightings.last().warnings()).isEmpty();
        assertThat(sightings.last().toString()).doesNotContain(SimulatedCamera.PASSWORD);
        assertThat(locked.violations).isEmpty();
        assertThat(locked.requests)
                .as("once found, the way is kept")
                .filteredOn(it -> it.startsWith("GetDeviceInformation"))
                .hasSize(2);
        assertThat(locked.requests)
                .filteredOn(it -> it.startsWith("GetNetworkInterfaces"))
                .hasSize(1);
    }

    @Test
    void cameraThatWantsAUserIsListedWithoutOneToo() {
        String uuid = SimulatedCamera.randomUuid();
        camera(Settings.of(uuid, Login.DIGEST_MD5));

        RecordedSightings sightings = discover("uuids: {items: ['" + uuid + "']}", Map.of());

        eventually(() -> assertThat(sightings.last().devices())
                .singleElement()
                .satisfies(it -> assertThat(it.properties())
                        .containsOnlyKeys(
                                "ONVIF_DEVICE_SERVICE_URL",
                                "ONVIF_DEVICE_UUID",
                                "ONVIF_DEVICE_IP_ADDRESS",
                                "ONVIF_DEVICE_NAME")));
        assertThat(sightings.last().warnings()).isEmpty();
    }

    /// Cameras lock users out after a few mistakes.
    @ParameterizedTest
    @EnumSource(names = {"DIGEST_MD5", "USERNAME_TOKEN"})
    void rejectedUserIsAWarningAndIsNotShownAgain(Login login) {
        String uuid = SimulatedCamera.randomUuid();
        SimulatedCamera locked = camera(Settings.of(uuid, login));

        RecordedSightings sightings = discover(
                "{uuids: {items: ['" + uuid + "']}, probeInterval: 1s}",
                Map.of("username_default", SimulatedCamera.USER, "password_default", "wrong"));

        eventually(() -> assertThat(sightings.last().devices()).hasSize(1));
        assertThat(sightings.last().warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.reason()).isEqualTo("CredentialsRejected");
            assertThat(warning.message()).contains(uuid).doesNotContain("wrong");
        });
        // What comes from the camera has it asked again, but not with the user.
        locked.responder().hello();
        int probes = locked.responder().probes;
        eventually(() -> assertThat(locked.responder().probes).isGreaterThan(probes + 4));
        assertThat(locked.requests)
                .filteredOn(it -> it.endsWith(" digest") || it.endsWith(" token"))
                .hasSize(1);
    }

    @Test
    void helloIsReportedWithinASecondAndByeTakesItAway() {
        RecordedSightings sightings = discover("probeInterval: 1h", Map.of());
        eventually(() -> assertThat(identities(sightings)).containsExactly(UUID));
        String uuid = SimulatedCamera.randomUuid();
        SimulatedCamera newcomer = camera(Settings.of(uuid, Login.NONE));

        newcomer.responder().hello();
        within(Duration.ofSeconds(1), () -> assertThat(identities(sightings)).containsExactlyInAnyOrder(UUID, uuid));

        newcomer.responder().bye();
        within(Duration.ofSeconds(1), () -> assertThat(identities(sightings)).containsExactly(UUID));
    }

    /// It says the same by each of its addresses, and its service is at one of them.
    @Test
    void cameraOfSeveralAddressesComesAndGoesWhicheverIsHeardFirst() throws IOException {
        RecordedSightings sightings = discover("probeInterval: 1h", Map.of());
        eventually(() -> assertThat(identities(sightings)).containsExactly(UUID));
        String uuid = SimulatedCamera.randomUuid();
        WsDiscoveryResponder newcomer = camera(Settings.of(uuid, Login.NONE)).responder();

        sayByTwoAddresses(newcomer, newcomer.helloMessage());
        eventually(() -> assertThat(identities(sightings)).containsExactlyInAnyOrder(UUID, uuid));

        sayByTwoAddresses(newcomer, newcomer.byeMessage());
        eventually(() -> assertThat(identities(sightings)).containsExactly(UUID));
    }

    @Test
    void changedCameraIsReadAgainAtItsHello() {
        RecordedSightings sightings = discover("probeInterval: 1h", Map.of());
        eventually(() -> assertThat(identities(sightings)).containsExactly(UUID));

        camera.model = "Q1798-LE";
        camera.responder().hello();

        eventually(() -> assertThat(sightings.last().devices().getFirst().properties())
                .containsEntry("ONVIF_DEVICE_MODEL", "Q1798-LE"));
    }

    @Test
    void cameraThatNoLongerAnswersProbesStaysWhileItsServiceAnswers() {
        RecordedSightings sightings = discover("probeInterval: 1s", Map.of());
        eventually(() -> assertThat(identities(sightings)).containsExactly(UUID));

        camera.responder().isMute = true;
        int probes = camera.responder().probes;
        eventually(() -> assertThat(camera.responder().probes).isGreaterThan(probes + 12));
        assertThat(sightings.all()).allSatisfy(it -> assertThat(it.devices()).hasSize(1));

        camera.isBroken = true;
        eventually(() -> assertThat(identities(sightings)).isEmpty());
    }

    @Test
    void cameraThatIsSwitchedOffIsMissedWithoutABye() {
        RecordedSightings sightings = discover("probeInterval: 1s", Map.of());
        eventually(() -> assertThat(identities(sightings)).containsExactly(UUID));

        camera.close();

        within(Duration.ofSeconds(10), () -> assertThat(identities(sightings)).isEmpty());
    }

    @Test
    void givenAddressesAreAskedWhereMulticastDoesNotReach() {
        handler = new OnvifHandler(Clock.systemUTC(), new OnvifNetwork(List::of, port));

        RecordedSightings sightings = discover("addresses: [127.0.0.0/28, 192.0.2.0/28]", Map.of());

        eventually(() -> assertThat(identities(sightings)).containsExactly(UUID));
        assertThat(sightings.last().warnings())
                .extracting(Warning::reason)
                .containsExactly(DiscoveryReason.MULTICAST_UNAVAILABLE);
    }

    @Test
    void severalUrlsOfACameraAreOneDevice() {
        camera.responder().xaddrs = "http://192.0.2.99/onvif/device_service ftp://127.0.0.1/ nonsense "
                + camera.url().replace("127.0.0.1", "localhost") + " " + camera.url();

        RecordedSightings sightings = discover("", Map.of());

        eventually(() -> assertThat(identities(sightings)).containsExactly(UUID));
        assertThat(sightings.last().warnings()).isEmpty();
    }

    /// A host that announces itself must not get another host asked.
    @Test
    void foreignUrlIsNotAsked() throws IOException {
        var asked = new AtomicInteger();
        HttpServer other = server("127.0.0.2", exchange -> asked.incrementAndGet());
        camera.responder().xaddrs = "http://127.0.0.2:" + other.getAddress().getPort() + "/onvif/device_service";

        RecordedSightings sightings = discover("", Map.of());

        eventually(() -> assertThat(sightings.last().warnings())
                .extracting(Warning::reason)
                .containsExactly(DiscoveryReason.FOREIGN_ADDRESS));
        assertThat(identities(sightings)).isEmpty();
        assertThat(asked).hasValue(0);
    }

    @Test
    void redirectIsNotFollowed() throws IOException {
        var asked = new AtomicInteger();
        HttpServer other = server("127.0.0.2", exchange -> asked.incrementAndGet());
        HttpServer redirecting = server("127.0.0.1", exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", "http://127.0.0.2:" + other.getAddress().getPort() + "/");
            exchange.sendResponseHeaders(307, -1);
        });

        assertHostile(redirecting.getAddress().getPort(), "redirects elsewhere");
        assertThat(asked).hasValue(0);
    }

    @Test
    void oversizeAnswerIsCutOff() throws IOException {
        HttpServer chatty = server("127.0.0.1", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            byte[] block = " ".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 10_000; i++) {
                body.write(block);
            }
        });

        assertHostile(chatty.getAddress().getPort(), "no sound answer");
    }

    @Test
    void silentServiceCostsNoMoreThanTheTimeout() throws IOException {
        var silent = new ServerSocket(0, 50, LOOPBACK);
        opened.add(silent);

        assertHostile(silent.getLocalPort(), "no answer in time");
    }

    @Test
    void answerThatTricklesInIsCutOff() throws IOException {
        var slow = new ServerSocket(0, 50, LOOPBACK);
        opened.add(slow);
        Thread.ofVirtual().start(() -> trickle(slow));

        assertHostile(slow.getLocalPort(), "no answer in time");
    }

    /// As cheap devices do: nothing announces that the connection will be closed.
    @Test
    void deviceThatClosesEachConnectionIsReadToTheEnd() throws IOException {
        var server = new ServerSocket(0, 50, LOOPBACK);
        opened.add(server);
        var asked = new ConcurrentLinkedQueue<String>();
        Thread.ofVirtual().start(() -> answerAndClose(server, asked));
        camera.responder().xaddrs = "http://127.0.0.1:" + server.getLocalPort() + "/onvif/device_service";

        RecordedSightings sightings = discover("", Map.of());

        eventually(() -> assertThat(identities(sightings)).containsExactly(UUID));
        assertThat(asked)
                .contains("GetSystemDateAndTime", "GetDeviceInformation", "GetNetworkInterfaces", "GetServices");
    }

    @Test
    void bombInAnAnswerIsRefused() throws IOException {
        HttpServer bomber = server(
                "127.0.0.1",
                exchange -> SimulatedCamera.respond(
                        exchange, 200, "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>"));

        assertHostile(bomber.getAddress().getPort(), "no ONVIF answer");
    }

    @Test
    void rubbishOnTheMulticastGroupChangesNothing() throws IOException {
        RecordedSightings sightings = discover("probeInterval: 1s", Map.of());
        eventually(() -> assertThat(identities(sightings)).containsExactly(UUID));

        try (DatagramSocket socket = stranger("127.0.0.3")) {
            for (int i = 0; i < 5_000; i++) {
                multicast(socket, "<a>".repeat(i % 300) + i);
            }
            multicast(socket, camera.responder().byeMessage());
        }

        int probes = camera.responder().probes;
        eventually(() -> assertThat(camera.responder().probes).isGreaterThan(probes + 4));
        assertThat(sightings.isRunning()).isTrue();
        assertThat(sightings.all()).hasSize(1);
    }

    private void sayByTwoAddresses(WsDiscoveryResponder device, String message) throws IOException {
        try (DatagramSocket other = stranger("127.0.0.2")) {
            multicast(other, message);
        }
        device.multicast(message);
    }

    private DatagramSocket stranger(String address) throws IOException {
        var socket = new DatagramSocket(new InetSocketAddress(address, 0));
        socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback);
        return socket;
    }

    private void multicast(DatagramSocket from, String message) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        from.send(new DatagramPacket(bytes, bytes.length, InetAddress.ofLiteral("239.255.255.250"), port));
    }

    /// A camera that does not answer as it should is a warning, and the other one is reported all the same, soon.
    private void assertHostile(int servicePort, String complaint) {
        String uuid = SimulatedCamera.randomUuid();
        SimulatedCamera hostile = camera(Settings.of(uuid, Login.NONE));
        hostile.responder().xaddrs = "http://127.0.0.1:" + servicePort + "/onvif/device_service";

        RecordedSightings sightings = discover("", Map.of());

        eventually(() -> {
            assertThat(identities(sightings)).containsExactly(UUID);
            assertThat(sightings.last().warnings()).singleElement().satisfies(warning -> {
                assertThat(warning.reason()).isEqualTo("EndpointUnreachable");
                assertThat(warning.message()).contains(uuid, complaint);
            });
        });
    }

    private SimulatedCamera camera(Settings settings) {
        var started = SimulatedCamera.start(settings, loopback, LOOPBACK, port);
        opened.add(started);
        return started;
    }

    private HttpServer server(String address, com.sun.net.httpserver.HttpHandler handling) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(address, 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                handling.handle(exchange);
            }
        });
        server.start();
        opened.add(() -> server.stop(0));
        return server;
    }

    private RecordedSightings discover(String details, Map<String, String> properties) {
        var sightings = new RecordedSightings(handler.prepare(new HandlerInput(details, properties)));
        opened.add(sightings);
        return sightings;
    }

    private static void answerAndClose(ServerSocket server, Queue<String> asked) {
        byte[] answer = Samples.bytes("date-and-time");
        try {
            while (true) {
                try (Socket client = server.accept()) {
                    var request = new StringBuilder();
                    for (int c = 0; c >= 0 && request.indexOf("</s:Envelope>") < 0; request.append((char) c)) {
                        c = client.getInputStream().read();
                    }
                    var operation = Pattern.compile("action=\"[^\"]*/(\\w+)\"").matcher(request);
                    if (operation.find()) {
                        asked.add(operation.group(1));
                    }
                    OutputStream out = client.getOutputStream();
                    out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + answer.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
                    out.write(answer);
                    out.flush();
                }
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private static void trickle(ServerSocket server) {
        try {
            while (true) {
                Socket client = server.accept();
                client.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<a".getBytes());
                client.getOutputStream().flush();
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private static List<String> identities(RecordedSightings sightings) {
        return sightings.last().devices().stream()
                .map(DiscoveredDevice::identity)
                .toList();
    }

    private static void eventually(ThrowingRunnable assertion) {
        within(PATIENCE, assertion);
    }

    private static void within(Duration time, ThrowingRunnable assertion) {
        await().atMost(time).pollInterval(Duration.ofMillis(20)).untilAsserted(assertion);
    }
}
