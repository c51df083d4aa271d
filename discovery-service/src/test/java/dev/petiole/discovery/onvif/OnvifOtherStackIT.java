package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.RecordedSightings;
import dev.petiole.discovery.testing.PythonPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Over a network of its own: a network namespace at the other end of a pair of virtual interfaces, IPv4 and IPv6. Runs
/// where such a thing can be made (Linux, root, `ip`).
class OnvifOtherStackIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Answers GetSystemDateAndTime at each path, and announces itself by the package `WSDiscovery`.
    private static final String CAMERA = """
            import http.server, sys, threading
            from wsdiscovery import QName, Scope
            from wsdiscovery.publishing import ThreadedWSPublishing
            answer = open(sys.argv[1], "rb").read()
            class Service(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def do_POST(self):
                    self.rfile.read(int(self.headers["Content-Length"]))
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                def log_message(self, *args):
                    pass
            server = http.server.ThreadingHTTPServer(("10.99.7.2", 8080), Service)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            publishing = ThreadedWSPublishing()
            publishing.start()
            types = [QName("http://www.onvif.org/ver10/network/wsdl", "NetworkVideoTransmitter", "dn")]
            for line in sys.stdin:
                if line.strip() == "hello":
                    publishing.publishService(types, [Scope("onvif://www.onvif.org/name/Python")],
                                              ["http://10.99.7.2:8080/onvif/device_service"])
                else:
                    publishing.clearLocalServices()
                print("done", flush=True)
            publishing.stop()
            """;

    @TempDir
    Path directory;

    private final String suffix = Long.toString(ProcessHandle.current().pid());
    private final String namespace = "onvif-" + suffix;
    private final String near = "ov" + suffix + "a";
    private NetworkInterface network;

    @BeforeEach
    void makeNetwork() throws Exception {
        String far = "ov" + suffix + "b";
        assumeTrue(isDone("ip", "netns", "add", namespace), "no network namespaces here");
        assumeTrue(
                isDone("ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", namespace),
                "no virtual interfaces here");
        run("ip", "address", "add", "10.99.7.1/24", "dev", near);
        run("ip", "link", "set", near, "up");
        run("ip", "-n", namespace, "address", "add", "10.99.7.2/24", "dev", far);
        run("ip", "-n", namespace, "link", "set", "lo", "up");
        run("ip", "-n", namespace, "link", "set", far, "up");
        await().atMost(PATIENCE)
                .until(() -> NetworkInterface.getByName(near).inetAddresses().count() == 2);
        network = NetworkInterface.getByName(near);
    }

    @AfterEach
    void removeNetwork() throws Exception {
        isDone("ip", "link", "delete", near);
        isDone("ip", "netns", "delete", namespace);
    }

    @Test
    void helloAndByeOfAnotherStackAreHeardAndItsAnswersUnderstood() throws Exception {
        String python = PythonPeer.with("WSDiscovery==2.1.2");
        Path script = Files.writeString(directory.resolve("camera.py"), CAMERA);
        Path answer = Files.write(directory.resolve("answer.xml"), Samples.bytes("date-and-time"));
        Process peer = new ProcessBuilder("ip", "netns", "exec", namespace, python, "-u", script + "", answer + "")
                .redirectError(directory.resolve("errors").toFile())
                .start();
        try {
            try (RecordedSightings sightings = discover("probeInterval: 1h")) {
                eventually(() -> assertThat(sightings.last().devices()).isEmpty());

                tell(peer, "hello");
                eventually(() -> assertThat(sightings.last().devices())
                        .singleElement()
                        .satisfies(it -> {
                            assertThat(it.properties())
                                    .containsEntry("ONVIF_DEVICE_NAME", "Python")
                                    .containsEntry("ONVIF_DEVICE_IP_ADDRESS", "10.99.7.2");
                        }));

                tell(peer, "bye");
                eventually(() -> assertThat(sightings.last().devices()).isEmpty());
            }
            tell(peer, "hello");
            try (RecordedSightings sightings = discover("")) {
                eventually(() -> assertThat(sightings.last().devices()).hasSize(1));
            }
        } finally {
            peer.destroyForcibly();
        }
    }

    @Test
    void cameraWithALinkLocalAddressOfIpv6AloneIsFound() throws Exception {
        InetAddress linkLocal = network.inetAddresses()
                .filter(InetAddress::isLinkLocalAddress)
                .findFirst()
                .orElseThrow();
        awaitUsable(linkLocal);
        try (var camera = SimulatedCamera.start(
                        SimulatedCamera.Settings.of("six", SimulatedCamera.Login.DIGEST_SHA_256),
                        network,
                        linkLocal,
                        WsDiscovery.PORT);
                RecordedSightings sightings =
                        discover("uuids: {items: [six]}", "username_six", "operator", "password_six", "hunter2")) {
            eventually(() -> assertThat(sightings.last().devices())
                    .singleElement()
                    .satisfies(it -> assertThat(it.properties())
                            .containsEntry("ONVIF_DEVICE_SERVICE_URL", camera.url())
                            .containsEntry("ONVIF_DEVICE_MODEL", "Q1786-LE")));

            camera.responder().bye();
            eventually(() -> assertThat(identities(sightings)).isEmpty());
        }
    }

    /// An address is not usable until it is known that nobody else has it. RFC 4862 §5.4.
    private static void awaitUsable(InetAddress address) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            new java.net.DatagramSocket(0, address).close();
            return true;
        });
    }

    private RecordedSightings discover(String details, String... properties) {
        var handler = new OnvifHandler(Clock.systemUTC(), new OnvifNetwork(() -> List.of(network), WsDiscovery.PORT));
        var named = new java.util.HashMap<String, String>();
        for (int i = 0; i < properties.length; i += 2) {
            named.put(properties[i], properties[i + 1]);
        }
        return new RecordedSightings(handler.prepare(new HandlerInput(details, named)));
    }

    private static List<String> identities(RecordedSightings sightings) {
        return sightings.last().devices().stream()
                .map(DiscoveredDevice::identity)
                .toList();
    }

    private static void tell(Process peer, String word) throws IOException {
        peer.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
        peer.getOutputStream().flush();
        assertThat(peer.inputReader().readLine()).isEqualTo("done");
    }

    private void run(String... command) throws Exception {
        assertThat(isDone(command)).as(String.join(" ", command)).isTrue();
    }

    private static boolean isDone(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(2, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(PATIENCE).untilAsserted(assertion);
    }
}
