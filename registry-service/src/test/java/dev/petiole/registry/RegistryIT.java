package dev.petiole.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationSpec.AdmissionMode;
import dev.petiole.api.configuration.ConfigurationStatus.DeviceCounts;
import dev.petiole.api.configuration.ConfigurationStatus.MirrorFault;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.configuration.MirrorReport;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.api.device.HeldSlots;
import dev.petiole.api.device.HeldSlots.HeldSlot;
import dev.petiole.api.device.Slot;
import dev.petiole.api.node.ClusterFacts;
import dev.petiole.api.node.Node.LeaseState;
import dev.petiole.api.node.Node.NodeFacts;
import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.registry.testing.FakeAgent;
import dev.petiole.registry.testing.RunningRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// What services can say to the registry, and what it makes of it: over HTTP, with a real database. Each test has its
/// own namespace and its own nodes.
class RegistryIT {

    private static final Duration LEASE = Duration.ofSeconds(2);

    @TempDir
    private static Path directory;

    private static RunningRegistry registry;
    private static RegistryClient client;

    private String namespace;
    private String n1;
    private String n2;

    @BeforeAll
    static void start() {
        registry = RunningRegistry.start(
                directory,
                "petiole.lease.duration=" + LEASE,
                "petiole.lease.renew-every=500ms",
                "petiole.slot.confirmation=1s",
                "petiole.device.retention=2s");
        client = registry.client();
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @BeforeEach
    void separate(TestInfo test) {
        namespace = "t" + Integer.toUnsignedString(test.getDisplayName().hashCode(), 36);
        n1 = namespace + "-n1";
        n2 = namespace + "-n2";
    }

    @Test
    void aDeviceSeenByTwoNodesIsOneSharedDevice() {
        Configuration configuration = put("scales", spec(1));
        FakeAgent.begin(client, n1).sees(configuration, "a");
        FakeAgent.begin(client, n2).sees(configuration, "a");

        Device device = onlyDevice();
        assertThat(device.name()).isEqualTo("scales-umu3s6fruz");
        assertThat(device.nodes()).extracting(Device.NodePresence::node).containsExactly(n1, n2);
        assertThat(device.properties()).containsEntry("SEEN_BY", n1);
        assertThat(status(configuration)).isEqualTo(new DeviceCounts(1, 0, 0, 0));
        assertThat(get(configuration).status().nodes())
                .extracting(node -> node.node() + " " + node.devices())
                .containsExactly(n1 + " 1", n2 + " 1");
    }

    @Test
    void aDeviceThatLeavesTheListIsMissingThenOfflineThenForgotten() {
        Configuration configuration = put("scales", spec(1));
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");

        agent.sees(configuration);
        assertThat(onlyDevice().presence()).isEqualTo(Presence.MISSING);

        eventually().untilAsserted(() -> assertThat(onlyDevice().presence()).isEqualTo(Presence.OFFLINE));
        assertThat(onlyDevice().nodes()).isEmpty();
        assertThat(status(configuration)).isEqualTo(new DeviceCounts(0, 0, 0, 1));

        eventually().untilAsserted(() -> assertThat(devices()).isEmpty());
        assertThat(status(configuration)).isEqualTo(DeviceCounts.NONE);
    }

    @Test
    void aDeviceThatIsSeenAgainInTimeStays() {
        Configuration configuration = put("scales", spec(1));
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");

        agent.sees(configuration);
        agent.sees(configuration, "a");

        assertThat(onlyDevice().presence()).isEqualTo(Presence.ONLINE);
    }

    @Test
    void noStatementAboutDevicesLeavesThemAsTheyAre() {
        Configuration configuration = put("scales", spec(1));
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");

        agent.seesNothingSaid(configuration);

        assertThat(onlyDevice().presence()).isEqualTo(Presence.ONLINE);
        assertThat(get(configuration).status().nodes().getFirst().reason()).isEqualTo("HandlerNotFound");
    }

    @Test
    void whatIsLateOrRepeatedDoesNoHarm() {
        Configuration configuration = put("scales", spec(1));
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.observe(agent.observation(configuration, 5, "a", "b"));
        String before = onlyVersion(configuration);

        agent.observe(agent.observation(configuration, 5, "a", "b"));
        agent.observe(agent.observation(configuration, 4));
        agent.observe(agent.observation(configuration, 6, "b", "a"));
        put("scales", spec(1));

        assertThat(onlyVersion(configuration)).isEqualTo(before);
        assertThat(devices()).hasSize(2).allMatch(device -> device.presence() == Presence.ONLINE);
    }

    /// Invariant 3.
    @Test
    void silenceMakesUnknownAndNeverOffline() {
        Configuration configuration = put("scales", spec(2));
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");
        Slot slot = agent.claim(onlyDevice(), "id-1");

        eventually().untilAsserted(() -> assertThat(onlyDevice().presence()).isEqualTo(Presence.UNKNOWN));
        assertThat(client.nodes().get(n1).lease()).isEqualTo(LeaseState.EXPIRED);
        assertThat(onlyDevice().slots()).containsExactly(slot);

        agent.renew();
        assertThat(onlyDevice().presence()).isEqualTo(Presence.ONLINE);
        assertThat(client.nodes().get(n1).lease()).isEqualTo(LeaseState.ACTIVE);
    }

    /// Invariant 2: a restarted discovery service changes nothing until it has something to say.
    @Test
    void theNewestSessionWinsAndTheOldOneIsToldSo() {
        Configuration configuration = put("scales", spec(1));
        FakeAgent old = FakeAgent.begin(client, n1);
        old.sees(configuration, "a");

        FakeAgent.begin(client, n1);

        assertThat(onlyDevice().presence()).isEqualTo(Presence.ONLINE);
        assertRefused(old::renew, 409, "session-replaced");
        assertRefused(() -> old.sees(configuration), 409, "session-replaced");
        assertRefused(() -> old.claim(onlyDevice(), "id"), 409, "session-replaced");
        assertRefused(() -> old.uses(), 409, "session-replaced");
    }

    /// Invariant 1.
    @Test
    void aSlotHasOneHolderAndTheHolderMayAskAgain() {
        Configuration configuration = put("scales", spec(1));
        FakeAgent first = FakeAgent.begin(client, n1);
        FakeAgent second = FakeAgent.begin(client, n2);
        first.sees(configuration, "a");
        second.sees(configuration, "a");

        Slot slot = first.claim(onlyDevice(), "id-1");

        assertThat(slot.index()).isZero();
        assertThat(first.claim(onlyDevice(), "id-1")).isEqualTo(slot);
        assertRefused(() -> second.claim(onlyDevice(), "id-1"), 409, "no-free-slot");
        assertRefused(() -> first.claim(onlyDevice(), "id-2"), 409, "no-free-slot");

        first.uses();
        assertThat(second.claim(onlyDevice(), "id-1").node()).isEqualTo(n2);
    }

    /// Messages overtake each other.
    @Test
    void aUsageReportThatWasWrittenBeforeAClaimDoesNotReleaseIt() {
        Configuration configuration = put("scales", spec(1));
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");
        agent.claim(onlyDevice(), "id-1");

        agent.reports(agent.sequence());
        assertThat(onlyDevice().slots()).hasSize(1);

        agent.reports(agent.sequence() + 1);
        assertThat(onlyDevice().slots()).isEmpty();
    }

    @Test
    void aDeviceThatIsNotOnlineThereIsNotGrantedButWhatIsHeldStaysHeld() {
        Configuration configuration = put("scales", spec(2));
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");
        Device device = onlyDevice();
        Slot slot = agent.claim(device, "id-1");

        agent.sees(configuration);

        assertRefused(() -> agent.claim(device, "id-2"), 409, "device-not-available");
        assertThat(agent.claim(device, "id-1")).isEqualTo(slot);
        assertRefused(() -> FakeAgent.begin(client, n2).claim(device, "id-1"), 409, "device-not-available");
    }

    @Test
    void aPendingDeviceIsNotGranted() {
        var manual = new ConfigurationSpec(
                new DiscoveryHandlerSpec("debugEcho", "", null),
                1,
                null,
                null,
                null,
                null,
                null,
                null,
                AdmissionMode.MANUAL,
                null);
        Configuration configuration = put("scales", manual);
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");

        assertThat(onlyDevice().admission()).isEqualTo(Admission.PENDING);
        assertRefused(() -> agent.claim(onlyDevice(), "id"), 409, "device-not-available");

        put("scales", spec(1));
        assertThat(onlyDevice().admission()).isEqualTo(Admission.APPROVED);
    }

    @Test
    void usageTellsThePodAndReEstablishesWhatNobodyKnew() {
        Configuration configuration = put("scales", spec(1));
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");
        Device device = onlyDevice();
        agent.claim(device, "id-1");

        agent.uses(FakeAgent.use(device, "id-1", "pod-1"), FakeAgent.use(device, "id-2", "pod-2"));

        assertThat(onlyDevice().slots())
                .extracting(slot -> slot.index() + " " + slot.pod())
                .containsExactly("0 pod-1", "1 pod-2");
        assertRefused(() -> agent.claim(device, "id-3"), 409, "no-free-slot");

        agent.uses(FakeAgent.use(device, "id-2", "pod-2"));
        assertRefused(() -> agent.claim(device, "id-3"), 409, "no-free-slot");
        agent.reports(1);
        assertThat(onlyDevice().slots()).hasSize(1);
    }

    /// Invariant 4: claims outlive their Configuration until they are proved free.
    @Test
    void claimsOutliveTheirConfigurationAndAreFoundAgain() {
        Configuration configuration = put("scales", spec(1));
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");
        Slot slot = agent.claim(onlyDevice(), "id-1");

        client.configurations().delete(ConfigurationKey.PETIOLE, namespace, "scales", "uid-1", null);
        assertThat(devices()).isEmpty();

        Configuration again = put("scales", "uid-2", 1, spec(1));
        agent.sees(again, "a");
        assertThat(onlyDevice().slots()).containsExactly(slot);
        assertRefused(() -> agent.claim(onlyDevice(), "id-2"), 409, "no-free-slot");
    }

    @Test
    void aConfigurationWithAnotherUidIsAnotherOne() {
        Configuration configuration = put("scales", spec(1));
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");

        Configuration other = put("scales", "uid-2", 1, spec(1));

        assertThat(devices()).isEmpty();
        agent.sees(configuration, "a");
        assertThat(devices()).isEmpty();
        agent.sees(other, "a");
        assertThat(onlyDevice().configurationUid()).isEqualTo("uid-2");
    }

    @Test
    void aLoweredCapacityTakesNothingFromAnybody() {
        Configuration configuration = put("scales", spec(2));
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");
        agent.claim(onlyDevice(), "id-1");
        agent.claim(onlyDevice(), "id-2");

        put("scales", "uid-1", 2, spec(1));

        assertThat(onlyDevice().capacity()).isEqualTo(1);
        assertThat(onlyDevice().slots()).hasSize(2);
        assertRefused(() -> agent.claim(onlyDevice(), "id-3"), 409, "no-free-slot");
    }

    /// The kubelet hands the id of a Pod that has ended to the next one.
    @Test
    void anIdThatIsHandedOnIsNoRightToASlotWhereThereAreTooManyHoldersAlready() {
        Configuration configuration = put("scales", spec(2));
        FakeAgent first = FakeAgent.begin(client, n1);
        FakeAgent second = FakeAgent.begin(client, n2);
        first.sees(configuration, "a");
        second.sees(configuration, "a");
        first.claim(onlyDevice(), "id-1");
        second.claim(onlyDevice(), "id-1");
        client.configurations().delete(ConfigurationKey.PETIOLE, namespace, "scales", "uid-1", null);

        Configuration again = put("scales", "uid-2", 1, spec(1));
        first.sees(again, "a");
        second.sees(again, "a");

        assertRefused(() -> first.claim(onlyDevice(), "id-1"), 409, "no-free-slot");
        assertRefused(() -> second.claim(onlyDevice(), "id-1"), 409, "no-free-slot");

        first.uses();
        assertThat(second.claim(onlyDevice(), "id-1").node()).isEqualTo(n2);
        assertRefused(() -> first.claim(onlyDevice(), "id-1"), 409, "no-free-slot");
    }

    /// A ResourceClaim is prepared again after a restart of the kubelet, and its Pod may run already.
    @Test
    void aResourceClaimKeepsItsSlotThoughTheCapacityWasLowered() {
        Configuration configuration = put("scales", spec(2));
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");
        Slot slot = agent.claimByResourceClaim(onlyDevice(), "uid-a/pool/slot-0");
        agent.claimByResourceClaim(onlyDevice(), "uid-b/pool/slot-1");

        put("scales", "uid-1", 2, spec(1));

        assertThat(agent.claimByResourceClaim(onlyDevice(), "uid-a/pool/slot-0"))
                .isEqualTo(slot);
    }

    /// A node says what it uses when that changes. Where the registry holds something for it that no report has ever
    /// named, it asks for one.
    @Test
    void aNodeIsAskedWhatItUsesWhereAClaimIsNeverToldOf() {
        Configuration configuration = put("scales", spec(2));
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");
        Device device = onlyDevice();
        agent.claim(device, "id-1");
        agent.uses(FakeAgent.use(device, "id-1", "pod-1"));
        assertThat(agent.renew().usageWanted()).isFalse();

        HeldSlot unconfirmed = new HeldSlot(device.name(), 1, n1, "petiole.dev/any", "not-the-kubelets");
        client.holders().recall(ConfigurationKey.PETIOLE, namespace, "scales", new HeldSlots(List.of(unconfirmed)));

        assertThat(onlyDevice().slots()).hasSize(2);
        eventually().until(() -> agent.renew().usageWanted());
        agent.uses(FakeAgent.use(device, "id-1", "pod-1"));
        assertThat(onlyDevice().slots())
                .singleElement()
                .satisfies(slot -> assertThat(slot.pod()).isEqualTo("pod-1"));
        assertThat(agent.renew().usageWanted()).isFalse();
    }

    @Test
    void aNodeOnlyGetsTheConfigurationsThatSelectIt() {
        var selective = new ConfigurationSpec(
                new DiscoveryHandlerSpec("debugEcho", "", null),
                1,
                null,
                null,
                null,
                null,
                Duration.ofMillis(100),
                Map.of("zone", namespace),
                null,
                null);
        put("everywhere", spec(1));
        Configuration somewhere = put("somewhere", selective);
        assertThat(configurationsFor(n1)).containsExactly("everywhere");

        facts(n1, "boot-1", Map.of("zone", namespace));
        assertThat(configurationsFor(n1)).containsExactly("everywhere", "somewhere");
        assertThat(configurationsFor(n2)).containsExactly("everywhere");

        FakeAgent.begin(client, n1).sees(somewhere, "a");
        assertThat(onlyDevice().presence()).isEqualTo(Presence.ONLINE);
        facts(n1, "boot-1", Map.of());
        assertThat(configurationsFor(n1)).containsExactly("everywhere");
        eventually().untilAsserted(() -> assertThat(onlyDevice().presence()).isEqualTo(Presence.OFFLINE));
        assertThat(get(somewhere).status().nodes()).isEmpty();
    }

    @Test
    void aNodeThatIsGoneTakesItsDevicesAndClaimsWithIt() {
        Configuration configuration = put("scales", spec(1));
        facts(n1, "boot-1", Map.of());
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");
        agent.claim(onlyDevice(), "id-1");

        client.nodes().putCluster(new ClusterFacts("cluster", Map.of()));

        assertThat(onlyDevice().presence()).isEqualTo(Presence.OFFLINE);
        assertThat(onlyDevice().slots()).isEmpty();
        assertThat(get(configuration).status().nodes()).isEmpty();
        assertRefused(() -> client.nodes().get(n1), 404, "not-found");
        assertRefused(agent::renew, 409, "session-replaced");
    }

    @Test
    void claimsOfASilentNodeEndWhenItBootsAnewAndNotBefore() {
        Configuration configuration = put("scales", spec(1));
        facts(n1, "boot-1", Map.of());
        FakeAgent agent = FakeAgent.begin(client, n1);
        agent.sees(configuration, "a");
        agent.claim(onlyDevice(), "id-1");
        facts(n1, "boot-2", Map.of());
        assertThat(onlyDevice().slots()).hasSize(1);

        eventually().untilAsserted(() -> assertThat(onlyDevice().presence()).isEqualTo(Presence.UNKNOWN));
        assertThat(onlyDevice().slots()).hasSize(1);

        facts(n1, "boot-3", Map.of());
        assertThat(onlyDevice().slots()).isEmpty();
    }

    @Test
    void oneRegistryServesOneCluster() {
        facts(n1, "boot-1", Map.of());

        assertRefused(() -> client.nodes().putCluster(new ClusterFacts("other", Map.of())), 409, "wrong-cluster");
    }

    @Test
    void aConfigurationIsEditedWhereItWasMade() {
        put("made-in-kubernetes", spec(1));
        Configuration mine = put("made-here", null, null, spec(1));
        assertThat(mine.generation()).isEqualTo(1);

        assertRefused(() -> put("made-in-kubernetes", null, null, spec(1)), 409, "managed-by-kubernetes");
        assertRefused(() -> put("made-here", "uid", 1L, spec(1)), 409, "managed-by-registry");
        assertThat(put("made-here", null, null, spec(1))).isEqualTo(mine);
        String seen = "\"" + mine.resourceVersion() + "\"";
        assertThat(client.configurations()
                        .put(
                                ConfigurationKey.PETIOLE,
                                namespace,
                                "made-here",
                                seen,
                                new ConfigurationWrite(null, null, spec(2)))
                        .generation())
                .isEqualTo(2);
    }

    /// Who made it over REST may know nothing of the cluster, and looks here.
    @Test
    void aConfigurationThatTheClusterCannotShowSaysSoUntilItCan() {
        put("made-here", null, null, spec(1));
        var fault = new MirrorFault("NamespaceNotFound", "There is no such namespace.");

        client.mirrors().report(ConfigurationKey.PETIOLE, namespace, "made-here", new MirrorReport(fault));
        assertThat(mirrorFault("made-here")).isEqualTo(fault);

        client.mirrors().report(ConfigurationKey.PETIOLE, namespace, "made-here", new MirrorReport(null));
        assertThat(mirrorFault("made-here")).isNull();
        assertRefused(
                () -> client.mirrors().report(ConfigurationKey.PETIOLE, namespace, "none", new MirrorReport(fault)),
                404,
                "not-found");
    }

    private @Nullable MirrorFault mirrorFault(String name) {
        return client.configurations()
                .get(ConfigurationKey.PETIOLE, namespace, name)
                .status()
                .mirrorFault();
    }

    @Test
    void pagesShowEveryItemOnce() {
        Configuration configuration = put("scales", spec(1));
        String[] identities =
                IntStream.range(0, 25).mapToObj(i -> "device-" + i).toArray(String[]::new);
        FakeAgent.begin(client, n1).sees(configuration, identities);

        var first = client.devices().list(null, namespace, null, null, 10, null);
        var second = client.devices().list(null, namespace, null, null, 10, first.nextCursor());
        var third = client.devices().list(null, namespace, null, null, 10, second.nextCursor());

        assertThat(third.nextCursor()).isNull();
        List<String> names = List.of(first, second, third).stream()
                .flatMap(page -> page.items().stream().map(Device::name))
                .toList();
        assertThat(names).hasSize(25).isSorted().doesNotHaveDuplicates();
        assertThat(client.devices().list(null, null, "scales", n1, 1000, null).items())
                .hasSize(25);
        assertThat(client.devices().list(null, null, "scales", n2, 1000, null).items())
                .isEmpty();
    }

    private ConfigurationSpec spec(int capacity) {
        return new ConfigurationSpec(
                new DiscoveryHandlerSpec("debugEcho", "", null),
                capacity,
                null,
                null,
                null,
                null,
                Duration.ofMillis(300),
                null,
                null,
                null);
    }

    private Configuration put(String name, ConfigurationSpec spec) {
        return put(name, "uid-1", 1L, spec);
    }

    private Configuration put(String name, String uid, int generation, ConfigurationSpec spec) {
        return put(name, uid, (long) generation, spec);
    }

    private Configuration put(String name, @Nullable String uid, @Nullable Long generation, ConfigurationSpec spec) {
        return client.configurations()
                .put(ConfigurationKey.PETIOLE, namespace, name, new ConfigurationWrite(uid, generation, spec));
    }

    private void facts(String node, String bootId, Map<String, String> labels) {
        client.nodes()
                .putCluster(
                        new ClusterFacts("cluster", Map.of(node, new NodeFacts("uid", bootId, labels, true, false))));
    }

    private Configuration get(Configuration configuration) {
        ConfigurationKey key = configuration.key();
        return client.configurations().get(key.group(), key.namespace(), key.name());
    }

    private DeviceCounts status(Configuration configuration) {
        return get(configuration).status().devices();
    }

    private String onlyVersion(Configuration configuration) {
        return get(configuration).resourceVersion() + devices();
    }

    private List<String> configurationsFor(String node) {
        return client.configurations().list(null, namespace, node, null, null).items().stream()
                .map(configuration -> configuration.key().name())
                .toList();
    }

    private List<Device> devices() {
        return client.devices().list(null, namespace, null, null, null, null).items();
    }

    private Device onlyDevice() {
        List<Device> devices = devices();
        assertThat(devices).hasSize(1);
        return devices.getFirst();
    }

    private static void assertRefused(ThrowingCallable call, int status, String type) {
        assertThatExceptionOfType(RegistryProblem.class)
                .isThrownBy(call)
                .satisfies(problem -> assertThat(problem.status()).isEqualTo(status))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(50));
    }
}
