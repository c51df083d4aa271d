package dev.petiole.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Discovery;
import dev.petiole.discovery.handler.DiscoveryHandlers;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.RecordedSightings;
import dev.petiole.discovery.opcua.RunningServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
                    """, "urn:petiole:test:plc");
            assertFinds("opcua", """
                    opcuaDiscoveryMethod:
                      standard: {}
                    """, "urn:petiole:test:plc");
        }
    }

    /// A machine without a camera: it looks, and says that there is none. `UdevIdentityTests` has the camera.
    @Test
    void udev() {
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

    @Test
    void onvifLooksWithAllOfItsFiltersAndCredentials() {
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
        try (var sightings = new RecordedSightings(discovery)) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sightings.last().devices()).isEmpty());
        }
    }

    private void assertFinds(String handler, String details, String... identities) {
        try (var sightings = new RecordedSightings(discovery(handler, details, Map.of()))) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(sightings.last().devices())
                            .extracting(DiscoveredDevice::identity)
                            .containsExactlyElementsOf(List.of(identities)));
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
