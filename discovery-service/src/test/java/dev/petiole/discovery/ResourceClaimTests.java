package dev.petiole.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.agent.UsageReport;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationSpec.Consumers;
import dev.petiole.api.configuration.ConfigurationSpec.Exposure;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Slot;
import dev.petiole.discovery.testing.FakeDraKubelet;
import dev.petiole.discovery.testing.FakeKubelet;
import dev.petiole.discovery.testing.ScriptedHandler;
import dev.petiole.discovery.testing.ScriptedKubernetes;
import dev.petiole.discovery.testing.ScriptedRegistry;
import dev.petiole.proto.dra.NodePrepareResourceResponse;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole service as a DRA driver, between a registry, a kubelet and a Kubernetes API that speak as the real
/// ones do.
class ResourceClaimTests {

    private static final ConfigurationKey SCALES = ConfigurationKey.of("shop", "scales");
    private static final String POOL = "shop/scales/0a1b2c3d";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private final ScriptedRegistry registry = new ScriptedRegistry();
    private final ScriptedKubernetes kubernetes = new ScriptedKubernetes();
    private final ScriptedHandler handler = new ScriptedHandler();
    private FakeKubelet devicePlugins;
    private FakeDraKubelet kubelet;
    private @Nullable ConfigurableApplicationContext service;

    @BeforeEach
    void setUp() throws IOException {
        devicePlugins = new FakeKubelet(directory);
        devicePlugins.start();
        Files.createDirectories(pluginsRegistry());
        kubelet = new FakeDraKubelet(pluginsRegistry());
        startService();
        configure(Exposure.RESOURCE_CLAIM, 2);
        handler.see("a");
        soon(() -> assertThat(registry.devices()).hasSize(1));
    }

    @AfterEach
    void tearDown() {
        stopService();
        devicePlugins.close();
        kubernetes.close();
        registry.close();
    }

    @Test
    void itSaysWhatItIs() {
        soon(() -> assertThat(kubelet.info().getName()).isEqualTo("petiole.dev"));

        assertThat(kubelet.info().getType()).isEqualTo("DRAPlugin");
        assertThat(kubelet.info().getSupportedVersionsList()).containsExactly("v1.DRAPlugin");
        assertThat(kubelet.info().getEndpoint()).isEmpty();
    }

    @Test
    void aClaimedDeviceIsNoExtendedResource() {
        prepare("claim", "uid-1", slot(0));

        assertThat(devicePlugins.resources()).isEmpty();
    }

    @Test
    void preparingHoldsTheSlotAndLaysOutWhatContainersGet() throws IOException {
        NodePrepareResourceResponse answer = prepare("claim", "uid-1", slot(0));

        assertThat(answer.getDevicesList()).singleElement().satisfies(device -> {
            assertThat(device.getPoolName()).isEqualTo(POOL);
            assertThat(device.getDeviceName()).isEqualTo(device("a") + "-0");
            assertThat(device.getRequestNamesList()).containsExactly("r0");
            assertThat(device.getCdiDeviceIdsList()).containsExactly("petiole.dev/slot=uid-1-0");
        });
        assertThat(registry.slots(device("a")))
                .extracting(Slot::node, Slot::resource, Slot::kubeletDeviceId)
                .containsExactly(tuple("node1", "petiole.dev", "uid-1/" + POOL + "/" + device("a") + "-0"));
        JsonNode spec =
                JsonMapper.shared().readTree(Files.readAllBytes(cdiFiles().getFirst()));
        assertThat(spec.path("kind").asString()).isEqualTo("petiole.dev/slot");
        assertThat(spec.at("/devices/0/name").asString()).isEqualTo("uid-1-0");
        String hash = device("a").substring("scales-".length()).toUpperCase(Locale.ROOT);
        assertThat(spec.at("/devices/0/containerEdits/env").valueStream().map(JsonNode::asString))
                .contains("ID=a", "ID_" + hash + "=a", "UNIT=kg", "UNIT_" + hash + "=kg");
    }

    @Test
    void theRegistryHearsWhoseSlotItIs() {
        prepare("claim", "uid-1", slot(0));

        soon(() -> assertThat(lastUses())
                .extracting(UsageReport.Use::namespace, UsageReport.Use::pod, UsageReport.Use::container)
                .containsExactly(tuple("shop", "claim", null)));
    }

    @Test
    void aRepeatedCallIsAnsweredAsTheFirstOne() {
        NodePrepareResourceResponse first = prepare("claim", "uid-1", slot(0));

        assertThat(kubelet.prepare("shop", "claim", "uid-1")).isEqualTo(first);
        assertThat(registry.slots(device("a"))).hasSize(1);
    }

    @Test
    void unpreparingGivesTheSlotBackAndMayBeRepeated() throws IOException {
        prepare("claim", "uid-1", slot(0));

        assertThat(kubelet.unprepare("shop", "claim", "uid-1").getError()).isEmpty();

        soon(() -> assertThat(registry.slots(device("a"))).isEmpty());
        assertThat(cdiFiles()).isEmpty();
        assertThat(kubelet.unprepare("shop", "claim", "uid-1").getError()).isEmpty();
        assertThat(kubelet.unprepare("shop", "never", "uid-2").getError()).isEmpty();
    }

    /// The kubelet's lists, which free the slots of extended resources, mean nothing here: what is prepared for a Pod
    /// is not always in them.
    @Test
    void aSlotStaysHeldUntilItIsUnprepared() {
        prepare("claim", "uid-1", slot(0));
        int reports = registry.usageReports().size();

        soon(() -> assertThat(registry.usageReports()).hasSizeGreaterThan(reports));
        assertThat(lastUses()).hasSize(1);
    }

    @Test
    void whatWasPreparedOutlivesARestart() {
        NodePrepareResourceResponse first = prepare("claim", "uid-1", slot(0));
        stopService();
        registry.failWith(call -> call.equals("claims") ? "503" : "");
        startService();

        soon(() -> assertThat(kubelet.prepare("shop", "claim", "uid-1")).isEqualTo(first));
        assertThat(registry.slots(device("a"))).hasSize(1);
        assertThat(kubelet.unprepare("shop", "claim", "uid-1").getError()).isEmpty();
        soon(() -> assertThat(registry.slots(device("a"))).isEmpty());
    }

    /// Invariant 1: the registry would take it that what a report lacks is free.
    @Test
    void whatIsPreparedIsFoundAgainAfterTheServicesDirectoryWasLost() throws IOException {
        NodePrepareResourceResponse first = prepare("claim", "uid-1", slot(0));
        devicePlugins.runPodWithClaim("claimant", "claim", POOL, device("a") + "-0");
        stopService();
        for (String file : List.of("claims.json", "prepared-claims.json")) {
            Files.delete(directory.resolve("data").resolve(file));
        }
        int before = registry.usageReports().size();
        startService();
        handler.see("a");

        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(registry.usageReports()).hasSizeGreaterThan(before));
        assertThat(registry.usageReports().stream().skip(before))
                .allSatisfy(report -> assertThat(report.uses())
                        .extracting(UsageReport.Use::kubeletDeviceId)
                        .containsExactly("uid-1/" + POOL + "/" + device("a") + "-0"));
        assertThat(registry.slots(device("a"))).hasSize(1);

        // A container that starts again needs what was laid out, and the kubelet may ask again.
        assertThat(cdiFiles()).hasSize(1);
        assertThat(kubelet.prepare("shop", "claim", "uid-1")).isEqualTo(first);
        devicePlugins.endPod("claimant");
        assertThat(kubelet.unprepare("shop", "claim", "uid-1").getError()).isEmpty();
        soon(() -> assertThat(registry.slots(device("a"))).isEmpty());
        assertThat(cdiFiles()).isEmpty();
    }

    /// The runtime's directory is emptied when the machine starts.
    @Test
    void afterARebootTheSameClaimIsLaidOutAnew() throws IOException {
        NodePrepareResourceResponse first = prepare("claim", "uid-1", slot(0));
        for (Path file : cdiFiles()) {
            Files.delete(file);
        }

        assertThat(kubelet.prepare("shop", "claim", "uid-1")).isEqualTo(first);
        assertThat(cdiFiles()).hasSize(1);
        assertThat(registry.slots(device("a"))).hasSize(1);
    }

    @Test
    void aDeviceWithoutAFreeSlotIsRefusedAndTheReasonTold() {
        registry.holdElsewhere(device("a"), "node2");
        registry.holdElsewhere(device("a"), "node2");

        kubernetes.putClaim("shop", "claim", "uid-1", slot(0));
        assertThat(kubelet.prepare("shop", "claim", "uid-1").getError())
                .contains(device("a"))
                .contains("no-free-slot");
        assertThat(registry.slots(device("a"))).hasSize(2);
    }

    @Test
    void ofSeveralDevicesAllAreHadOrNone() throws IOException {
        handler.see("a", "b");
        soon(() -> assertThat(registry.devices()).hasSize(2));
        registry.holdElsewhere(device("b"), "node2");
        registry.holdElsewhere(device("b"), "node2");
        kubernetes.putClaim("shop", "claim", "uid-1", slot(0), POOL + " " + device("b") + "-0");

        assertThat(kubelet.prepare("shop", "claim", "uid-1").getError()).contains(device("b"));

        soon(() -> assertThat(registry.slots(device("a"))).isEmpty());
        assertThat(cdiFiles()).isEmpty();
    }

    @Test
    void aClaimOfAnotherNamespaceIsRefused() {
        kubernetes.putClaim("elsewhere", "claim", "uid-1", slot(0));

        soon(() -> assertThat(kubelet.prepare("elsewhere", "claim", "uid-1").getError())
                .contains("are for Pods of namespace shop"));
        assertThat(registry.slots(device("a"))).isEmpty();
    }

    @Test
    void aNamespaceThatTheConfigurationNamesIsServed() {
        registry.putConfiguration(
                SCALES,
                "uid-1",
                2,
                spec(Exposure.RESOURCE_CLAIM, 2).withConsumers(new Consumers(List.of("elsewhere"))));
        kubernetes.putClaim("elsewhere", "claim", "uid-1", slot(0));
        kubernetes.putClaim("third", "claim", "uid-2", slot(1));

        soon(() -> assertThat(kubelet.prepare("elsewhere", "claim", "uid-1").getError())
                .isEmpty());
        assertThat(kubelet.prepare("third", "claim", "uid-2").getError()).contains("spec.consumers.namespaces");
        assertThat(registry.slots(device("a"))).hasSize(1);
    }

    @Test
    void aNamesakeOfTheClaimIsNotPrepared() {
        kubernetes.putClaim("shop", "claim", "uid-2", slot(0));

        soon(() ->
                assertThat(kubelet.prepare("shop", "claim", "uid-1").getError()).contains("is gone"));
    }

    @Test
    void aDeviceThatIsNotExposedThisWayIsRefused() {
        configure(Exposure.DEVICE_PLUGIN, 2);
        soon(() -> assertThat(devicePlugins.resources()).isNotEmpty());
        kubernetes.putClaim("shop", "claim", "uid-1", slot(0));

        assertThat(kubelet.prepare("shop", "claim", "uid-1").getError()).contains("not exposed to ResourceClaims");
    }

    /// At no moment more users than capacity, however the exposure changes.
    @Test
    void aSlotThatIsStillClaimedIsNotOfferedAsAnExtendedResource() {
        prepare("claim", "uid-1", slot(0));

        configure(Exposure.DEVICE_PLUGIN, 2);

        String resource = "shop.petiole.dev/" + device("a");
        soon(() -> assertThat(devicePlugins.healthy(resource)).hasSize(1));
        kubelet.unprepare("shop", "claim", "uid-1");
        soon(() -> assertThat(devicePlugins.healthy(resource)).hasSize(2));
    }

    /// Its node grants a local device's slots by itself, and the registry may hear of it only after the exposure has
    /// changed: until then the registry would grant such a slot a second time.
    @Test
    void aLocalDevicesSlotThatTheRegistryHasNotHeardOfIsNotClaimedASecondTime() {
        exposeLocally(1);
        String resource = "shop.petiole.dev/" + device("a");
        soon(() -> assertThat(devicePlugins.healthy(resource)).hasSize(1));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(registry.usageReports()).isNotEmpty());
        registry.failWith(call -> call.equals("usage") ? "503" : "");
        devicePlugins.allocate(resource, device("a") + "-0");
        devicePlugins.runPod("broker-1", resource, device("a") + "-0");

        configure(Exposure.RESOURCE_CLAIM, 1);

        kubernetes.putClaim("shop", "claim", "uid-1", slot(0));
        soon(() -> assertThat(kubelet.prepare("shop", "claim", "uid-1").getError())
                .contains("the only slot of device " + device("a") + " is held"));
        assertThat(registry.slots(device("a"))).isEmpty();
        registry.failWith(_ -> "");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(registry.slots(device("a")))
                        .extracting(Slot::kubeletDeviceId)
                        .containsExactly(device("a") + "-0"));
    }

    /// A ResourceClaim takes one slot of a device that is on its way to the device plugin, not two.
    @Test
    void besidesAClaimTheOtherSlotOfALocalDeviceIsHandedOut() {
        exposeLocally(2);
        configure(Exposure.RESOURCE_CLAIM, 2);
        prepare("claim", "uid-1", slot(0));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(lastUses()).hasSize(1));

        configure(Exposure.DEVICE_PLUGIN, 2);

        String resource = "shop.petiole.dev/" + device("a");
        soon(() -> assertThat(devicePlugins.healthy(resource)).hasSize(1));
        String free = devicePlugins.healthy(resource).iterator().next();
        devicePlugins.allocate(resource, free);
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> devicePlugins.allocate("shop.petiole.dev/scales", device("a") + ".0"))
                .withMessageContaining("all 2 slots of device");
    }

    /// The device that was shared is a new one now, which this node alone can reach.
    private void exposeLocally(int capacity) {
        handler.seeLocally();
        stopService();
        startService();
        configure(Exposure.DEVICE_PLUGIN, capacity);
        handler.see("a");
        soon(() -> assertThat(registry.devices())
                .singleElement()
                .satisfies(device -> assertThat(device.shared()).isFalse()));
    }

    @Test
    void theClaimsStatusTellsHowTheDeviceFares() {
        prepare("claim", "uid-1", slot(0));
        soon(() -> assertThat(lastStatus()).isEqualTo("True"));
        assertThat(kubernetes.applied().getLast().at("/status/devices/0/device").asString())
                .isEqualTo(device("a") + "-0");

        handler.see("b");

        soon(() -> assertThat(lastStatus()).isEqualTo("False"));
    }

    /// A kubelet that has lost its memory never unprepares.
    @Test
    void aClaimThatIsGoneIsEndedAfterTheKubeletHadItsTurn() {
        prepare("claim", "uid-1", slot(0));

        kubernetes.removeClaim("shop", "claim");

        soon(() -> assertThat(registry.slots(device("a"))).isEmpty());
    }

    private String lastStatus() {
        assertThat(kubernetes.applied()).isNotEmpty();
        return kubernetes
                .applied()
                .getLast()
                .at("/status/devices/0/conditions/0/status")
                .asString();
    }

    private NodePrepareResourceResponse prepare(String name, String uid, String... slots) {
        kubernetes.putClaim("shop", name, uid, slots);
        return await().atMost(Duration.ofSeconds(15))
                .ignoreExceptions()
                .until(
                        () -> kubelet.prepare("shop", name, uid),
                        answer -> answer.getError().isEmpty());
    }

    private void configure(Exposure exposure, int capacity) {
        registry.putConfiguration(SCALES, "uid-1", 1, spec(exposure, capacity));
    }

    private static ConfigurationSpec spec(Exposure exposure, int capacity) {
        return new ConfigurationSpec(
                new DiscoveryHandlerSpec("scripted", "go", null),
                capacity,
                null,
                null,
                null,
                Map.of("UNIT", "kg"),
                null,
                null,
                null,
                exposure);
    }

    private List<UsageReport.Use> lastUses() {
        assertThat(registry.usageReports()).isNotEmpty();
        return registry.usageReports().getLast().uses();
    }

    private static String device(String identity) {
        return ScriptedRegistry.deviceName(SCALES, identity);
    }

    private static String slot(int index) {
        return POOL + " " + device("a") + "-" + index;
    }

    private Path pluginsRegistry() {
        return directory.resolve("plugins");
    }

    private List<Path> cdiFiles() throws IOException {
        Path cdi = directory.resolve("cdi");
        if (!Files.isDirectory(cdi)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(cdi)) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        }
    }

    private void startService() {
        service = new SpringApplicationBuilder(DiscoveryApplication.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("scripted", handler))
                .run(
                        "--petiole.management.port=0",
                        "--petiole.node-name=node1",
                        "--petiole.registry.url=" + registry.uri(),
                        "--petiole.kubernetes.url=" + kubernetes.uri(),
                        "--petiole.data-dir=" + directory.resolve("data"),
                        "--petiole.kubelet.device-plugins=" + devicePlugins.devicePlugins(),
                        "--petiole.kubelet.pod-resources=" + devicePlugins.podResources(),
                        "--petiole.dra.enabled=true",
                        "--petiole.dra.plugins-registry=" + pluginsRegistry(),
                        "--petiole.dra.cdi=" + directory.resolve("cdi"),
                        "--petiole.dra.look-every=200ms",
                        "--petiole.dra.kubelets-turn=1s");
    }

    private void stopService() {
        if (service != null) {
            service.close();
        }
    }

    private static void soon(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(15)).ignoreExceptions().untilAsserted(assertion);
    }
}
