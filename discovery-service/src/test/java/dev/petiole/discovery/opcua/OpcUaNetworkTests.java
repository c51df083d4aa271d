package dev.petiole.discovery.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.RecordedSightings;
import dev.petiole.discovery.pace.SteadyClock;
import dev.petiole.discovery.testing.TcpForwarder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.eclipse.milo.opcua.stack.core.types.enumerated.ApplicationType;
import org.junit.jupiter.api.Test;

/// Servers that nobody wrote down the URL of.
class OpcUaNetworkTests {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final OpcUaHandler handler = new OpcUaHandler(OpcUaNetworkTests::isLoopback, new SteadyClock());

    /// OPC UA Part 4 §5.4.3: an LDS-ME passes on what it heard. An announcement may be stale, and may name a host
    /// that only the server itself knows.
    @Test
    void serversThatADiscoveryServerHeardOfAreFoundIfTheyAnswer() {
        String gone = RunningServer.url(RunningServer.freePort());
        try (var scale = RunningServer.start("scale");
                var lds = RunningServer.startDiscoveryServer(
                        List.of(RunningServer.application("lds", ApplicationType.DiscoveryServer, "opc.tcp://x:1/")),
                        gone,
                        scale.url().replace("localhost", "no-such-host.invalid"),
                        "opc.https://localhost:1/");
                var sightings = discover("standard: {discoveryUrls: ['" + lds.url() + "']}")) {
            eventually(() -> {
                assertThat(identities(sightings)).containsExactly("urn:petiole:test:scale");
                assertThat(sightings.last().devices().getFirst().properties())
                        .containsEntry("OPCUA_DISCOVERY_URL", scale.url());
                assertThat(sightings.last().warnings()).isEmpty();
            });
        }
    }

    @Test
    void discoveryServerWithoutTheMulticastExtensionIsNoTrouble() {
        try (var scale = RunningServer.start("scale");
                var lds = RunningServer.startDiscoveryServer(List.of(
                        RunningServer.application("lds", ApplicationType.DiscoveryServer, "opc.tcp://x:1/"),
                        RunningServer.application("scale", ApplicationType.Server, scale.url())));
                var sightings = discover("standard: {discoveryUrls: ['" + lds.url() + "']}")) {
            eventually(() -> {
                assertThat(identities(sightings)).containsExactly("urn:petiole:test:scale");
                assertThat(sightings.last().warnings()).isEmpty();
            });
        }
    }

    @Test
    void sweptNetworkShowsItsServersAndAnOpenPortOfAnotherKindIsNone() throws IOException {
        try (var scale = RunningServer.start("scale");
                var other = new ServerSocket(0);
                var sightings = discover("scan: {addresses: [127.0.0.0/29], ports: [" + port(scale) + ", "
                        + other.getLocalPort() + "], interval: 1s}")) {
            eventually(() -> assertThat(identities(sightings)).containsExactly("urn:petiole:test:scale"));
            assertThat(sightings.all()).hasSize(1);
            assertThat(sightings.last().warnings()).isEmpty();
        }
    }

    @Test
    void serverThatStartsLaterIsFoundByALaterSweepAndItsEndIsNoticed() {
        int port = RunningServer.freePort();
        try (var sightings = discover("scan: {addresses: [127.0.0.1], ports: [" + port + "], interval: 300ms}")) {
            eventually(() -> assertThat(sightings.last().devices()).isEmpty());
            try (var _ = RunningServer.start("late", "localhost", port)) {
                eventually(() -> assertThat(identities(sightings)).containsExactly("urn:petiole:test:late"));
            }
            eventually(() -> assertThat(sightings.last().devices()).isEmpty());
        }
    }

    @Test
    void announcedServerIsFoundAtOnceWhereItsAnnouncementCameFrom() throws IOException {
        try (var scale = RunningServer.start("scale");
                var sightings = discover("mdns: {}")) {
            eventually(() -> assertThat(sightings.last().devices()).isEmpty());

            MdnsAnnouncement.send(
                    "scale", port(scale), NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()));

            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(identities(sightings)).containsExactly("urn:petiole:test:scale"));
            assertThat(sightings.last().devices().getFirst().properties().get("OPCUA_DISCOVERY_URL"))
                    .endsWith(":" + port(scale) + "/");
        }
    }

    /// The poll interval is so long that only the announcement can tell.
    @Test
    void announcedServerThatComesBackIsAskedAtOnce() throws Exception {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        int port = RunningServer.freePort();
        try (var scale = RunningServer.start("scale");
                var sightings = new RecordedSightings(
                        handler.prepare(HandlerInput.of("{pollInterval: 1h, opcuaDiscoveryMethod: {mdns: {}}}")))) {
            eventually(() -> assertThat(sightings.last().devices()).isEmpty());
            for (int i = 0; i < 6; i++) {
                try (var _ = TcpForwarder.at(port, scale.url())) {
                    MdnsAnnouncement.send("scale", port, loopback);
                    await().atMost(Duration.ofSeconds(3))
                            .untilAsserted(
                                    () -> assertThat(identities(sightings)).containsExactly("urn:petiole:test:scale"));
                }
                eventually(() -> assertThat(sightings.last().devices()).isEmpty());
                // Until asking again would take a while.
                await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);
            }
        }
    }

    private RecordedSightings discover(String method) {
        return new RecordedSightings(handler.prepare(HandlerInput.of("opcuaDiscoveryMethod: {" + method + "}")));
    }

    private static int port(RunningServer server) {
        return DiscoveryUrl.find(server.url()).orElseThrow().port();
    }

    private static boolean isLoopback(NetworkInterface at) {
        try {
            return at.isLoopback();
        } catch (SocketException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> identities(RecordedSightings sightings) {
        return sightings.last().devices().stream()
                .map(DiscoveredDevice::identity)
                .toList();
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(PATIENCE).untilAsserted(assertion);
    }
}
