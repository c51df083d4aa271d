package dev.petiole.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.DiscoveredDevice.DeviceNode;
import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoveryHandlers;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.RecordedSightings;
import dev.petiole.discovery.onvif.AnnouncedCamera;
import dev.petiole.discovery.opcua.RunningServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The details of Akri's documented examples, letter by letter: they find their devices here as well.
class AkriExamplesTests {

    private static final int OPC_UA_PORT = 4840;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private ConfigurableApplicationContext service;

    @BeforeEach
    void start() {
        service = new SpringApplicationBuilder(DiscoveryApplication.class)
                .run(
                        "--petiole.node-name=node1",
                        "--petiole.management.port=0",
                        "--petiole.registry.url=http://127.0.0.1:1",
                        "--petiole.debug-echo.enabled=true",
                        "--petiole.debug-echo.availability-file=" + directory.resolve("availability"),
                        "--petiole.data-dir=" + directory.resolve("data"),
                        "--petiole.kubelet.device-plugins=" + directory.resolve("no-kubelet"));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void debugEcho() {
        assertFinds("debugEcho", """
                descriptions: ["foo0","foo1"]
                """, "foo0", "foo1");
    }

    @Test
    void opcUaWithItsDefaultUrl() throws IOException {
        assumeTrue(isFree(OPC_UA_PORT), "something else listens at port 4840");
        try (var _ = RunningServer.start("plc", "localhost", OPC_UA_PORT)) {
            assertFinds("opcua", """
                    opcuaDiscoveryMethod:
                      standard:
                        discoveryUrls: ["opc.tcp://localhost:4840/"]
                    applicationNames: {action: Exclude, items: []}
                    """, "opc.tcp://localhost:4840/");
            assertFinds("opcua", """
                    opcuaDiscoveryMethod:
                      standard: {}
                    """, "opc.tcp://localhost:4840/");
        }
    }

    /// A machine without a camera: it looks, and says that there is none. `UdevIdentityTests` has the camera.
    @Test
    void udevLooksForVideoDevicesAsKubeVirtWantsThem() {
        var properties = Map.of("devicePluginResourceName", "akri.sh/udev-usb-keyboard", "vfioPassthrough", "true");
        Discovery discovery = discovery("udev", """
                groupRecursive: false
                udevRules:
                - 'KERNEL=="video[0-9]*", ENV{ID_V4L_CAPABILITIES}==":capture:"'
                permissions: rwm
                """, properties);
        try (var sightings = new RecordedSightings(discovery)) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sightings.last().warnings()).isEmpty());
        }
    }

    /// What Akri tests itself with, since every machine has it.
    @Test
    void udevFindsTheNullDevice() {
        assumeTrue(Files.exists(Path.of("/sys/class/mem/null/uevent")), "no /sys/class/mem/null");
        try (var sightings = new RecordedSightings(discovery("udev", """
                udevRules:
                  - 'KERNEL=="null"'
                permissions: rwm
                """, Map.of()))) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sightings.last().devices())
                            .singleElement()
                            .satisfies(device -> {
                                assertThat(device.locator()).isEqualTo("/devices/virtual/mem/null");
                                assertThat(device.properties())
                                        .containsEntry("UDEV_DEVPATH", "/devices/virtual/mem/null")
                                        .containsEntry("UDEV_DEVNODE", "/dev/null");
                                assertThat(device.deviceNodes())
                                        .containsExactly(new DeviceNode("/dev/null", "/dev/null", "rwm"));
                            }));
        }
    }

    /// Of two cameras, the one that its filters want; Akri knows it by its service URL and UUID.
    @Test
    void onvifFindsTheCameraThatItsFiltersWant() throws IOException {
        NetworkInterface at = networkWithMulticast();
        InetAddress address = at.inetAddresses()
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .orElseThrow();
        String great = "11111111-0000-4000-8000-" + UUID.randomUUID().toString().substring(24);
        String plain = "22222222-0000-4000-8000-" + UUID.randomUUID().toString().substring(24);
        var properties = Map.of(
                "device_credential_list",
                "[\"list1\"]",
                "list1",
                "{\"5a5a5a5a-0000-0000-0000-000000000000\": {\"username\": \"admin\", \"password\": \"secret\"}}");
        Discovery discovery = discovery("onvif", """
                ipAddresses:  {action: Exclude, items: [10.0.0.1]}
                macAddresses: {action: Exclude, items: []}
                scopes:       {action: Include, items: ["onvif://www.onvif.org/name/GreatONVIFCamera"]}
                uuids:        {action: Exclude, items: []}
                discoveryTimeoutSeconds: 2
                """, properties);
        try (var camera = AnnouncedCamera.start(
                        great, List.of("onvif://www.onvif.org/name/GreatONVIFCamera"), at, address);
                var other = AnnouncedCamera.start(plain, List.of("onvif://www.onvif.org/name/Another"), at, address);
                var sightings = new RecordedSightings(discovery)) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                other.hello();
                assertThat(sightings.last().devices())
                        .filteredOn(device -> List.of(great, plain)
                                .contains(device.properties().get("ONVIF_DEVICE_UUID")))
                        .singleElement()
                        .satisfies(device -> {
                            assertThat(device.locator()).isEqualTo(camera.url() + "-" + great);
                            assertThat(device.properties())
                                    .containsEntry("ONVIF_DEVICE_SERVICE_URL", camera.url())
                                    .containsEntry("ONVIF_DEVICE_UUID", great);
                        });
            });
        }
    }

    private static NetworkInterface networkWithMulticast() throws IOException {
        List<NetworkInterface> all = NetworkInterface.networkInterfaces()
                .filter(AkriExamplesTests::canMulticast)
                .toList();
        assumeTrue(!all.isEmpty(), "no network interface with IPv4 and multicast");
        return all.getFirst();
    }

    private static boolean canMulticast(NetworkInterface at) {
        try {
            return at.isUp()
                    && !at.isLoopback()
                    && at.supportsMulticast()
                    && at.inetAddresses().anyMatch(Inet4Address.class::isInstance);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertFinds(String handler, String details, String... akrisIdentities) {
        try (var sightings = new RecordedSightings(discovery(handler, details, Map.of()))) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sightings.last().devices())
                            .extracting(DiscoveredDevice::locator)
                            .containsExactlyElementsOf(List.of(akrisIdentities)));
        }
    }

    private Discovery discovery(String handler, String details, Map<String, String> properties) {
        return service.getBean(DiscoveryHandlers.class)
                .find(handler)
                .orElseThrow()
                .prepare(new HandlerInput(details, properties));
    }

    private static boolean isFree(int port) {
        try (var _ = new ServerSocket(port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
