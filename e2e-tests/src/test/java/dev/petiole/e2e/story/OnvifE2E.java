package dev.petiole.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.e2e.cluster.Capability;
import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import dev.petiole.e2e.junit.ClusterTest;
import dev.petiole.e2e.junit.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A camera on the nodes' network, made by Python's `WSDiscovery`: its Hello makes an Instance, and its Bye takes it
/// away. Multicast needs the chart's `discovery.hostNetwork`.
@ClusterTest
class OnvifE2E {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Path PYTHON_HOME = Path.of("target", "peers").toAbsolutePath();

    /// Answers every call with the date and time, which is all that a camera tells a stranger.
    private static final String CAMERA = """
            import http.server, os, socket, sys, threading, time
            from wsdiscovery import QName, Scope
            from wsdiscovery.publishing import ThreadedWSPublishing
            flag = sys.argv[1]
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                probe.connect(("239.255.255.250", 3702))
                address = probe.getsockname()[0]
            ANSWER = ('<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
                ' xmlns:d="http://www.onvif.org/ver10/device/wsdl" xmlns:t="http://www.onvif.org/ver10/schema"><s:Body>'
                '<d:GetSystemDateAndTimeResponse><d:SystemDateAndTime><t:UTCDateTime>'
                '<t:Time><t:Hour>7</t:Hour><t:Minute>50</t:Minute><t:Second>45</t:Second></t:Time>'
                '<t:Date><t:Year>2026</t:Year><t:Month>9</t:Month><t:Day>16</t:Day></t:Date>'
                '</t:UTCDateTime></d:SystemDateAndTime></d:GetSystemDateAndTimeResponse></s:Body></s:Envelope>').encode()
            class Service(http.server.BaseHTTPRequestHandler):
                def do_POST(self):
                    self.rfile.read(int(self.headers["Content-Length"]))
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(ANSWER)))
                    self.end_headers()
                    self.wfile.write(ANSWER)
                def log_message(self, *args):
                    pass
            server = http.server.ThreadingHTTPServer((address, 18088), Service)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            publishing = ThreadedWSPublishing()
            publishing.start()
            publishing.publishService(
                [QName("http://www.onvif.org/ver10/network/wsdl", "NetworkVideoTransmitter", "dn")],
                [Scope("onvif://www.onvif.org/name/Python")], ["http://%s:18088/onvif/device_service" % address])
            while os.path.exists(flag):
                time.sleep(0.1)
            publishing.clearLocalServices()
            publishing.stop()
            """;

    @TempDir
    private Path directory;

    private final Cluster cluster;
    private final Kubectl kubectl;
    private final Installation installation;
    private final String namespace;
    private final View view;

    OnvifE2E(Cluster cluster, Kubectl kubectl, Installation installation, TestNamespace namespace) {
        this.cluster = cluster;
        this.kubectl = kubectl;
        this.installation = installation;
        this.namespace = namespace.name();
        this.view = new View(kubectl, namespace.name());
    }

    @AfterEach
    void leaveNothing() throws IOException {
        Files.deleteIfExists(flag());
        kubectl.output("delete", "configurations.petiole.dev", "--all", "-n", namespace, "--timeout=60s");
        installation.upgrade(Map.of("discovery.hostNetwork", false));
    }

    @Test
    void helloOfACameraMakesAnInstanceAndItsByeTakesItAway() throws Exception {
        assumeTrue(cluster.can(Capability.NODE_COMMANDS), "commands on nodes are needed to make a camera");
        String python = pythonWithWsDiscovery();
        installation.upgrade(Map.of("discovery.hostNetwork", true));
        kubectl.apply("""
                apiVersion: petiole.dev/v1alpha1
                kind: Configuration
                metadata: {name: cameras, namespace: %s}
                spec:
                  discoveryHandler: {name: onvif, discoveryDetails: "probeInterval: 1h"}
                  gracePeriod: 1s
                """.formatted(namespace)).orThrow();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.condition("cameras", "Discovering")
                                .path("status")
                                .asString(""))
                        .isEqualTo("True"));

        startCamera(python);

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(view.onlyInstance("cameras")
                            .at("/spec/brokerProperties/ONVIF_DEVICE_NAME")
                            .asString(""))
                    .isEqualTo("Python");
            assertThat(view.onlyInstance("cameras").at("/spec/nodes"))
                    .hasSize(cluster.nodes().size());
        });

        Files.delete(flag());
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(view.instances("cameras")).isEmpty());
    }

    private Path flag() {
        return directory.resolve("camera-is-there");
    }

    /// It ends by itself once the flag is gone.
    private void startCamera(String python) throws IOException {
        Files.createFile(flag());
        Path script = Files.writeString(directory.resolve("camera.py"), CAMERA);
        String command = "setsid %s %s %s > %s 2>&1 < /dev/null &"
                .formatted(python, script, flag(), directory.resolve("camera.log"));
        cluster.onNode(cluster.nodes().getFirst(), "sh", "-c", command).orThrow();
    }

    private static String pythonWithWsDiscovery() throws InterruptedException {
        String python = PYTHON_HOME.resolve("bin").resolve("python").toString();
        boolean isThere = isDone(python, "-c", "import wsdiscovery")
                || (isDone("python3", "-m", "venv", PYTHON_HOME.toString())
                        && isDone(python, "-m", "pip", "install", "-q", "WSDiscovery==2.1.2"));
        assumeTrue(isThere, "no Python package WSDiscovery here, and none can be installed");
        return python;
    }

    private static boolean isDone(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(3, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
