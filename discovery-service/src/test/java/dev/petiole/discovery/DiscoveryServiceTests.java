package dev.petiole.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.agent.Observation;
import dev.petiole.api.agent.UsageReport;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationSpec.DeviceResources;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.api.device.Slot;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Sighting;
import dev.petiole.discovery.handler.Warning;
import dev.petiole.discovery.testing.FakeKubelet;
import dev.petiole.discovery.testing.ScriptedHandler;
import dev.petiole.discovery.testing.ScriptedRegistry;
import dev.petiole.proto.deviceplugin.ContainerAllocateResponse;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole service between a registry that speaks the real one's HTTP and a kubelet that speaks the real one's gRPC.
class DiscoveryServiceTests {

    private static final ConfigurationKey SCALES = ConfigurationKey.of("shop", "scales");
    private static final String ANY_SCALE = "shop.petiole.dev/scales";

    // Short: sockets' paths are limited.
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private final ScriptedRegistry registry = new ScriptedRegistry();
    private final ScriptedHandler handler = new ScriptedHandler();
    private FakeKubelet kubelet;
    private @Nullable ConfigurableApplicationContext service;

    @BeforeEach
    void setUp() {
        kubelet = new FakeKubelet(directory);
        kubelet.start();
        startService();
    }

    @AfterEach
    void tearDown() {
        stopService();
        kubelet.close();
        registry.close();
    }

    @Test
    void aDeviceBecomesAResourceOfItsOwnAndOneOfItsConfiguration() {
        configure(2, "go");
        handler.see("a");

        soon(() -> assertThat(kubelet.healthy(resource("a"))).containsOnly(device("a") + "-0", device("a") + "-1"));
        soon(() -> assertThat(kubelet.healthy(ANY_SCALE)).containsOnly(device("a") + ".0", device("a") + ".1"));
    }

    @Test
    void aContainerGetsTheDevicesProperties() {
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(1));

        ContainerAllocateResponse container =
                kubelet.allocate(resource("a"), device("a") + "-0").getContainerResponses(0);

        String hash = hash("a");
        assertThat(container.getEnvsMap())
                .isEqualTo(Map.of("ID", "a", "ID_" + hash, "a", "UNIT", "kg", "UNIT_" + hash, "kg"));
        assertThat(registry.slots(device("a")))
                .extracting(Slot::node, Slot::kubeletDeviceId)
                .containsExactly(tuple("node1", device("a") + "-0"));
    }

    @Test
    void aSlotHeldElsewhereIsNotOffered() {
        configure(2, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(2));

        registry.holdElsewhere(device("a"), "node2");

        soon(() -> assertThat(kubelet.healthy(resource("a"))).containsOnly(device("a") + "-0"));
        soon(() -> assertThat(kubelet.healthy(ANY_SCALE)).hasSize(1));

        registry.releaseElsewhere(device("a"), "node2");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(2));
    }

    @Test
    void aCapacityThatIsRaisedOrLoweredIsOfferedAtOnce() {
        configure(new DiscoveryHandlerSpec("scripted", "go", null), 1, 1);
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(1));

        configure(new DiscoveryHandlerSpec("scripted", "go", null), 3, 2);
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(3));

        configure(new DiscoveryHandlerSpec("scripted", "go", null), 2, 3);
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(2));
    }

    /// By which the kubelet's Topology Manager places the container.
    @Test
    void theKubeletIsToldOfTheDevicesNumaNode() {
        configure(2, "go");

        handler.see(Sighting.of(List.of(
                new DiscoveredDevice("a", "a", Map.of(), List.of(), List.of(), 1),
                DiscoveredDevice.of("b", Map.of()))));

        soon(() -> assertThat(kubelet.numaNodes(resource("a"))).containsExactly(1L, 1L));
        soon(() -> assertThat(kubelet.healthy(ANY_SCALE)).hasSize(4));
        assertThat(kubelet.numaNodes(ANY_SCALE)).containsExactly(1L, 1L);
        assertThat(kubelet.numaNodes(resource("b"))).isEmpty();
    }

    @Test
    void aNodeHasABoundOfResourcesForSingleDevicesAndSaysSo() {
        stopService();
        startService("--petiole.device-plugin.max-device-resources=1");
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(1));

        handler.see("a", "b");

        soon(() -> assertThat(kubelet.healthy(ANY_SCALE)).hasSize(2));
        assertThat(kubelet.resources()).containsOnly(resource("a"), ANY_SCALE);
        soon(() -> {
            assertThat(lastObservation().state()).isEqualTo(DiscoveryState.DEGRADED);
            assertThat(lastObservation().reason()).isEqualTo(DiscoveryReason.TOO_MANY_DEVICE_RESOURCES);
            assertThat(lastObservation().message())
                    .contains("1 device has no resource of its own", "ask for " + ANY_SCALE, "ConfigurationOnly");
        });

        handler.see("b");
        soon(() -> assertThat(kubelet.healthy(resource("b"))).hasSize(1));
        soon(() -> assertThat(lastObservation().state()).isEqualTo(DiscoveryState.RUNNING));
    }

    /// What a Pod has stays its own.
    @Test
    void resourcesOfSingleDevicesCanBeGivenUp() {
        configure(2, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(2));
        kubelet.allocate(resource("a"), device("a") + "-0");
        kubelet.runPod("pod", resource("a"), device("a") + "-0");

        registry.putConfiguration(
                SCALES,
                "uid-1",
                2,
                ConfigurationSpec.of(new DiscoveryHandlerSpec("scripted", "go", null), 2)
                        .withDeviceResources(DeviceResources.CONFIGURATION_ONLY));

        soon(() -> assertThat(kubelet.healthy(resource("a"))).isEmpty());
        soon(() -> assertThat(kubelet.healthy(ANY_SCALE)).hasSize(1));
        assertThat(registry.slots(device("a"))).hasSize(1);
    }

    @Test
    void aChangedPropertyIsUsedByTheNextAllocate() {
        configure(2, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(2));
        kubelet.allocate(resource("a"), device("a") + "-0");

        handler.see(Sighting.of(List.of(DiscoveredDevice.of("a", Map.of("ID", "moved")))));

        soon(() -> assertThat(kubelet.allocate(resource("a"), device("a") + "-1")
                        .getContainerResponses(0)
                        .getEnvsMap())
                .containsEntry("ID", "moved"));
    }

    /// Each device has its own suffixed variables.
    @Test
    void aContainerGetsAllOfItsDevices() {
        configure(1, "go");
        handler.see("a", "b");
        soon(() -> assertThat(kubelet.healthy(ANY_SCALE)).hasSize(2));

        var answer = kubelet.allocate(ANY_SCALE, device("a") + ".0", device("b") + ".0");

        assertThat(answer.getContainerResponsesCount()).isEqualTo(1);
        assertThat(answer.getContainerResponses(0).getEnvsMap())
                .containsEntry("ID_" + hash("a"), "a")
                .containsEntry("ID_" + hash("b"), "b");
        assertThat(registry.slots(device("a"))).hasSize(1);
        assertThat(registry.slots(device("b"))).hasSize(1);
    }

    @Test
    void oneRegistrationThatHangsHoldsUpNoOther() {
        var released = new CountDownLatch(1);
        kubelet.hangOn(resource("a"), released);
        configure(1, "go");

        handler.see("a", "b");

        soon(() -> assertThat(kubelet.resources()).containsOnly(resource("b"), ANY_SCALE));
        released.countDown();
        soon(() -> assertThat(kubelet.resources()).contains(resource("a")));
    }

    @Test
    void anAllocationThatFailsSaysWhyAndHoldsNothing() {
        configure(2, "go");
        handler.see("a", "b");
        soon(() -> assertThat(kubelet.healthy(ANY_SCALE)).hasSize(4));
        registry.holdElsewhere(device("b"), "node2");
        registry.holdElsewhere(device("b"), "node2");

        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> kubelet.allocate(ANY_SCALE, device("a") + ".0", device("b") + ".0"))
                .withMessageContaining(device("b"))
                .withMessageContaining("no-free-slot");

        Duration twoListsAndMore = Duration.ofSeconds(40);
        await().atMost(twoListsAndMore)
                .untilAsserted(() -> assertThat(registry.slots(device("a"))).isEmpty());
    }

    /// Neither the report before nor the one after shows a difference, but the registry holds the slot.
    @Test
    void whatWasGrantedAndGivenBackBetweenTwoReportsIsReleased() throws Exception {
        configure(2, "go");
        handler.see("a", "b", "c");
        soon(() -> assertThat(kubelet.healthy(ANY_SCALE)).hasSize(6));
        registry.holdElsewhere(device("b"), "node2");
        registry.holdElsewhere(device("b"), "node2");
        awaitTheKubeletsWord();
        var isReporting = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        registry.failWith(call -> {
            if (call.equals("usage")) {
                isReporting.countDown();
                awaitQuietly(goOn);
            }
            return "";
        });
        kubelet.allocate(resource("c"), device("c") + "-0");
        assertThat(isReporting.await(40, TimeUnit.SECONDS)).isTrue();

        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> kubelet.allocate(ANY_SCALE, device("a") + ".0", device("b") + ".0"))
                .withMessageContaining("no-free-slot");
        assertThat(registry.slots(device("a"))).hasSize(1);
        goOn.countDown();

        soon(() -> assertThat(registry.slots(device("a"))).isEmpty());
        assertThat(registry.slots(device("c"))).hasSize(1);
    }

    @Test
    void usesAreReportedOnceMoreWhenTheRegistryAsks() {
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(1));
        awaitTheKubeletsWord();
        int before = registry.usageReports().size();

        registry.wantUsage();

        soon(() -> assertThat(registry.usageReports()).hasSizeGreaterThan(before));
    }

    @Test
    void usesAreReportedWithTheirPodsAndEndWithThem() {
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(1));
        String id = device("a") + "-0";
        kubelet.allocate(resource("a"), id);
        kubelet.runPod("broker-1", resource("a"), id);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(lastUses())
                        .extracting(UsageReport.Use::pod, UsageReport.Use::kubeletDeviceId)
                        .containsExactly(tuple("broker-1", id)));

        kubelet.endPod("broker-1");
        Duration settlingAndTwoLists = Duration.ofSeconds(40);
        await().atMost(settlingAndTwoLists)
                .untilAsserted(() -> assertThat(registry.slots(device("a"))).isEmpty());
        soon(() -> assertThat(kubelet.healthy(resource("a"))).containsExactly(id));
    }

    @Test
    void whatIsInUseSurvivesARestartOfTheService() {
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(1));
        kubelet.allocate(resource("a"), device("a") + "-0");
        int before = registry.usageReports().size();

        stopService();
        assertThat(registry.slots(device("a"))).hasSize(1);
        startService();
        handler.see("a");

        soon(() -> assertThat(kubelet.healthy(resource("a"))).containsOnly(device("a") + "-0"));
        assertThat(registry.usageReports().stream().skip(before).flatMap(report -> report.uses().stream()))
                .as("a report before the kubelet was heard twice would have to contain it")
                .allSatisfy(use -> assertThat(use.kubeletDeviceId()).isEqualTo(device("a") + "-0"));
        assertThat(registry.slots(device("a"))).hasSize(1);
    }

    @Test
    void aRestartedKubeletGetsAllResourcesAgain() {
        configure(1, "go");
        handler.see("a", "b");
        soon(() -> assertThat(kubelet.resources()).hasSize(3));

        kubelet.stop();
        kubelet.start();

        soon(() -> assertThat(kubelet.resources()).containsOnly(resource("a"), resource("b"), ANY_SCALE));
        soon(() -> assertThat(kubelet.healthy(ANY_SCALE)).hasSize(2));
    }

    @Test
    void aDeviceThatIsGoneIsWithdrawn() throws IOException {
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.resources()).hasSize(2));

        handler.see();

        soon(() -> assertThat(kubelet.health(resource("a"))).isEmpty());
        soon(() -> assertThat(kubelet.resources()).isEmpty());
        soon(() -> assertThat(sockets()).containsOnly("kubelet.sock"));
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(1));
    }

    /// Else a Pod would reach the kubelet before the resource does, and be turned away.
    @Test
    void aDeviceThatReturnsSoonIsOfferedWithoutAnotherRegistration() {
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(1));
        soon(() -> assertThat(kubelet.healthy(ANY_SCALE)).hasSize(1));
        int registrations = kubelet.registrations().size();

        handler.see();
        soon(() -> assertThat(kubelet.health(resource("a"))).isEmpty());
        handler.see("a");

        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(1));
        soon(() -> assertThat(kubelet.healthy(ANY_SCALE)).hasSize(1));
        assertThat(kubelet.registrations()).hasSize(registrations);
    }

    @Test
    void aDeletedConfigurationTakesItsResourcesAlong() {
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.resources()).hasSize(2));

        registry.deleteConfiguration(SCALES);

        soon(() -> assertThat(kubelet.resources()).isEmpty());
    }

    @Test
    void anUnknownHandlerIsNamedWithTheKnownOnes() {
        configure(new DiscoveryHandlerSpec("nosuch", "", null), 1, 1);

        soon(() -> {
            assertThat(lastObservation().state()).isEqualTo(DiscoveryState.WAITING);
            assertThat(lastObservation().reason()).isEqualTo("HandlerNotFound");
            assertThat(lastObservation().message()).contains("nosuch").contains("scripted");
            assertThat(lastObservation().devices()).isNull();
        });
    }

    @Test
    void invalidDetailsAreAFailureThatACorrectionEnds() {
        configure(1, "bad");
        soon(() -> {
            assertThat(lastObservation().state()).isEqualTo(DiscoveryState.FAILED);
            assertThat(lastObservation().reason()).isEqualTo("InvalidDetails");
            assertThat(lastObservation().message()).contains("discoveryDetails.bad");
        });

        configure(new DiscoveryHandlerSpec("scripted", "go", null), 1, 2);
        handler.see("a");

        soon(() -> assertThat(lastObservation().state()).isEqualTo(DiscoveryState.RUNNING));
        assertThat(lastObservation().generation()).isEqualTo(2);
    }

    @Test
    void aHandlerThatFailsIsRunAgainAndTakesNoDeviceAway() {
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.resources()).hasSize(2));

        handler.fail("the bus is down");

        soon(() -> assertThat(registry.observations()).anySatisfy(observation -> {
            assertThat(observation.reason()).isEqualTo("HandlerFailed");
            assertThat(observation.message()).contains("the bus is down");
            assertThat(observation.devices()).isNull();
        }));
        soon(() -> assertThat(handler.runs()).hasSize(2));
        assertThat(kubelet.resources()).hasSize(2);
    }

    @Test
    void aWarningComesWithTheDevicesThatAreSeen() {
        configure(1, "go");
        handler.see(new Sighting(
                ScriptedHandler.devices("a"),
                List.of(new Warning("EndpointUnreachable", "opc.tcp://x does not answer"))));

        soon(() -> {
            assertThat(lastObservation().state()).isEqualTo(DiscoveryState.DEGRADED);
            assertThat(lastObservation().reason()).isEqualTo("EndpointUnreachable");
            assertThat(lastObservation().devices()).hasSize(1);
        });
    }

    @Test
    void onlyTheDiscoveryThatChangedIsRunAnew() {
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(handler.runs()).hasSize(1));
        soon(() -> assertThat(lastObservation().devices()).hasSize(1));

        configure(new DiscoveryHandlerSpec("scripted", "go", null), 3, 2);
        soon(() -> assertThat(lastObservation().generation()).isEqualTo(2));
        assertThat(handler.runs()).hasSize(1);

        configure(new DiscoveryHandlerSpec("scripted", "elsewhere", null), 3, 3);
        soon(() -> assertThat(handler.runs()).containsExactly("go", "elsewhere"));
        assertThat(kubelet.resources())
                .as("nothing goes until the new one has looked")
                .hasSize(2);
    }

    @Test
    void everythingIsSaidAgainToARegistryThatForgotTheSession() {
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(registry.observations()).hasSize(1));

        registry.forgetSessions();

        soon(() -> assertThat(registry.observations()).hasSizeGreaterThan(1));
        assertThat(lastObservation().devices()).hasSize(1);
        assertThat(lastObservation().session())
                .isNotEqualTo(registry.observations().getFirst().session());
        assertThat(kubelet.resources()).hasSize(2);
    }

    /// It may have been told before the Configuration was brought in again, and forgets that.
    @Test
    void everythingIsSaidAgainOnceARegistryThatLostAllKnowsTheConfigurationAgain() {
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(registry.devices()).hasSize(1));
        registry.loseEverything();
        soon(() -> assertThat(registry.observations()).hasSizeGreaterThan(1));
        assertThat(registry.devices()).isEmpty();

        configure(1, "go");

        soon(() -> assertThat(registry.devices()).hasSize(1));
    }

    /// While the registry is away statements replace each other.
    @Test
    void onlyTheLatestStatementIsSentOnceTheRegistryIsBack() {
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(registry.observations()).hasSize(1));
        registry.failWith(call -> call.equals("observations") ? "503" : "");

        handler.see("a", "b");
        handler.see("a", "b", "c");
        handler.see("c");
        soon(() -> assertThat(handler.hasNothingToSay()).isTrue());
        registry.failWith(_ -> "");

        soon(() -> assertThat(registry.observations()).hasSize(2));
        assertThat(lastObservation().devices())
                .extracting(Observation.ObservedDevice::identity)
                .containsExactly("c");
    }

    @Test
    void aSlotIsNotHandedOutWhileTheRegistryIsAway() {
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(1));
        registry.failWith(_ -> "hangUp");

        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> kubelet.allocate(resource("a"), device("a") + "-0"))
                .withMessageContaining("the registry can't be reached");
    }

    /// Its node alone grants the slots of a local device; the registry hears of it later.
    @Test
    void aLocalDevicesSlotIsHandedOutWhileTheRegistryIsAway() {
        handler.seeLocally();
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(1));
        awaitTheKubeletsWord();
        registry.failWith(_ -> "hangUp");

        kubelet.allocate(resource("a"), device("a") + "-0");
        kubelet.runPod("broker-1", resource("a"), device("a") + "-0");

        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> kubelet.allocate(ANY_SCALE, device("a") + ".0"))
                .withMessageContaining("the only slot of device " + device("a") + " is held");
        soon(() -> assertThat(kubelet.healthy(ANY_SCALE)).isEmpty());

        registry.failWith(_ -> "");
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(registry.slots(device("a")))
                        .extracting(Slot::node, Slot::kubeletDeviceId)
                        .containsExactly(tuple("node1", device("a") + "-0")));
    }

    /// The kubelet hands the id of a Pod that has ended to the next.
    @Test
    void aLocalDevicesIdThatIsHandedOnIsNoRightToASlotWhereThereAreTooManyHoldersAlready() {
        handler.seeLocally();
        configure(2, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(2));
        awaitTheKubeletsWord();
        kubelet.allocate(resource("a"), device("a") + "-0");
        kubelet.allocate(ANY_SCALE, device("a") + ".0");
        kubelet.runPod("broker-1", resource("a"), device("a") + "-0");
        kubelet.runPod("broker-2", ANY_SCALE, device("a") + ".0");

        configure(new DiscoveryHandlerSpec("scripted", "go", null), 1, 2);

        soon(() -> assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> kubelet.allocate(resource("a"), device("a") + "-0"))
                .withMessageContaining("the only slot of device " + device("a") + " is held"));
    }

    /// What was granted by delegation survives this service, and is counted before anything else is granted.
    @Test
    void aLocalDevicesSlotIsStillHeldAfterARestartWithoutTheRegistry() {
        handler.seeLocally();
        configure(2, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(2));
        soon(() -> assertThat(directory.resolve("data/devices.json")).content().contains(device("a")));
        awaitTheKubeletsWord();
        registry.failWith(_ -> "hangUp");
        kubelet.allocate(resource("a"), device("a") + "-0");

        stopService();
        startService();
        handler.see("a");

        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(2));
        kubelet.allocate(resource("a"), device("a") + "-0");
        kubelet.allocate(resource("a"), device("a") + "-1");
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> kubelet.allocate(ANY_SCALE, device("a") + ".0"))
                .withMessageContaining("all 2 slots of device");
    }

    /// A Pod had better wait than be turned away.
    @Test
    void afterARestartASharedDeviceIsNotOfferedBeforeTheRegistryIsHeard() {
        configure(1, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(1));
        soon(() -> assertThat(directory.resolve("data/devices.json")).content().contains(device("a")));
        registry.failWith(_ -> "hangUp");

        stopService();
        startService();
        handler.see("a");
        soon(() -> assertThat(kubelet.health(resource("a"))).containsValue("Unhealthy"));

        registry.failWith(_ -> "");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(1));
    }

    /// A report is not answered, and so may still arrive: it must not hold up what can't be harmed by it.
    @Test
    void slotsAreClaimedWhileTheEndOfAUsageReportIsUnknown() {
        configure(2, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(2));
        registry.failWith(call -> call.equals("usage") ? "hangUp" : "");
        kubelet.allocate(resource("a"), device("a") + "-0");

        kubelet.allocate(resource("a"), device("a") + "-1");

        assertThat(registry.slots(device("a"))).hasSize(2);
    }

    /// A report that is written while a claim is under way knows nothing of the claim's end.
    @Test
    void aReportCallsAClaimThatIsUnderWayPending() throws Exception {
        configure(2, "go");
        handler.see("a");
        soon(() -> assertThat(kubelet.healthy(resource("a"))).hasSize(2));
        awaitTheKubeletsWord();
        var isReported = new CountDownLatch(1);
        var isFirst = new AtomicBoolean(true);
        registry.failWith(call -> {
            if (call.equals("claims") && isFirst.getAndSet(false)) {
                awaitQuietly(isReported);
            }
            return "";
        });

        Thread container = Thread.ofVirtual().start(() -> kubelet.allocate(resource("a"), device("a") + "-0"));
        soon(() -> assertThat(isFirst).isFalse());
        // Another grant makes a report due at once.
        kubelet.allocate(resource("a"), device("a") + "-1");
        soon(() -> assertThat(registry.usageReports())
                .flatMap(UsageReport::pending)
                .extracting(UsageReport.Use::kubeletDeviceId)
                .contains(device("a") + "-0"));
        isReported.countDown();
        container.join();

        assertThat(registry.slots(device("a")))
                .extracting(Slot::kubeletDeviceId)
                .contains(device("a") + "-0");
    }

    /// A node knows what is in use on it once the kubelet has been asked twice.
    private void awaitTheKubeletsWord() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(registry.usageReports()).isNotEmpty());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(40, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void configure(int capacity, String details) {
        configure(new DiscoveryHandlerSpec("scripted", details, null), capacity, 1);
    }

    private void configure(DiscoveryHandlerSpec spec, int capacity, long generation) {
        registry.putConfiguration(
                SCALES,
                "uid-1",
                generation,
                new ConfigurationSpec(spec, capacity, null, null, null, Map.of("UNIT", "kg"), null, null, null, null));
    }

    private static String device(String identity) {
        return ScriptedRegistry.deviceName(SCALES, identity);
    }

    private static String hash(String identity) {
        return device(identity).substring("scales-".length()).toUpperCase(Locale.ROOT);
    }

    private static String resource(String identity) {
        return "shop.petiole.dev/" + device(identity);
    }

    private Observation lastObservation() {
        assertThat(registry.observations()).isNotEmpty();
        return registry.observations().getLast();
    }

    private List<UsageReport.Use> lastUses() {
        assertThat(registry.usageReports()).isNotEmpty();
        return registry.usageReports().getLast().uses();
    }

    private Set<String> sockets() throws IOException {
        try (var files = Files.list(kubelet.devicePlugins())) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private void startService(String... others) {
        List<String> arguments = new ArrayList<>(List.of(
                "--petiole.management.port=0",
                "--petiole.node-name=node1",
                "--petiole.registry.url=" + registry.uri(),
                "--petiole.data-dir=" + directory.resolve("data"),
                "--petiole.device-plugin.withdraw-after=3s",
                "--petiole.kubelet.device-plugins=" + kubelet.devicePlugins(),
                "--petiole.kubelet.pod-resources=" + kubelet.podResources()));
        arguments.addAll(List.of(others));
        service = new SpringApplicationBuilder(DiscoveryApplication.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("scripted", handler))
                .run(arguments.toArray(String[]::new));
    }

    private void stopService() {
        if (service != null) {
            service.close();
        }
    }

    private static void soon(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(15)).untilAsserted(assertion);
    }
}
