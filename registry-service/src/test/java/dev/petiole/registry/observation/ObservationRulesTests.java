package dev.petiole.registry.observation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.agent.Observation;
import dev.petiole.api.agent.Observation.ObservedDevice;
import dev.petiole.api.configuration.Configuration.ManagedBy;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationStatus.DeviceCounts;
import dev.petiole.api.configuration.ConfigurationStatus.DiscoveryState;
import dev.petiole.api.configuration.ConfigurationStatus.NodeDiscovery;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.registry.configuration.ConfigurationRecord;
import dev.petiole.registry.device.DeviceChange;
import dev.petiole.registry.device.DeviceRecord;
import dev.petiole.registry.observation.ObservationRules.Decision;
import dev.petiole.registry.observation.ObservationRules.Statement;
import dev.petiole.registry.revision.Versioned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ObservationRulesTests {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ConfigurationKey KEY = ConfigurationKey.of("default", "scales");
    private static final ConfigurationRecord CONFIGURATION = configuration(null);

    @Test
    void aSharedDeviceIsOneDeviceWhicheverNodeSeesIt() {
        List<Versioned<DeviceRecord>> first = after(List.of(), "n1", shared("a"));

        List<Versioned<DeviceRecord>> both = after(first, "n2", shared("a"));

        assertThat(both)
                .singleElement()
                .satisfies(device -> assertThat(device.value().sightings()).hasSize(2));
    }

    @Test
    void aLocalDeviceIsAnotherOneOnEachNode() {
        List<Versioned<DeviceRecord>> first = after(List.of(), "n1", local("a"));

        assertThat(after(first, "n2", local("a"))).hasSize(2);
    }

    @Test
    void whatTheListLacksIsMissingOnThatNodeOnly() {
        List<Versioned<DeviceRecord>> both = after(after(List.of(), "n1", shared("a", "b")), "n2", shared("a"));

        List<Versioned<DeviceRecord>> devices = after(both, "n1", shared("b"));

        assertThat(presence(devices, "a")).isEqualTo(Presence.ONLINE);
        assertThat(presence(after(devices, "n2", shared()), "a")).isEqualTo(Presence.MISSING);
        assertThat(presence(devices, "b")).isEqualTo(Presence.ONLINE);
    }

    @Test
    void noListIsNoStatementAboutDevices() {
        List<Versioned<DeviceRecord>> present = after(List.of(), "n1", shared("a"));

        Decision decision = decide(present, "n1", observation(true, DiscoveryState.WAITING, null));

        assertThat(decision.changes()).isEmpty();
        assertThat(decision.discovery().state()).isEqualTo(DiscoveryState.WAITING);
    }

    /// One of a handler's endpoints can't be heard: what it would list is not known to be gone.
    @Test
    void whatAPartialListLacksIsNotMissed() {
        List<Versioned<DeviceRecord>> present = after(List.of(), "n1", shared("a"));

        List<Versioned<DeviceRecord>> devices = after(present, "n1", partial("b"));

        assertThat(presence(devices, "a")).isEqualTo(Presence.ONLINE);
        assertThat(presence(devices, "b")).isEqualTo(Presence.ONLINE);
        assertThat(presence(after(devices, "n1", shared("b")), "a"))
                .as("a whole list that lacks it")
                .isEqualTo(Presence.MISSING);
    }

    @Test
    void theSameListChangesNothing() {
        List<Versioned<DeviceRecord>> present = after(List.of(), "n1", shared("a", "b"));

        assertThat(after(present, "n1", shared("a", "b"))).isEqualTo(present);
    }

    /// Architecture: on a collision the first keeps the name, the other is not exposed and gets a condition. A
    /// camera with another address, a stick in another port: the identity decides, and the properties follow.
    @Test
    void aDeviceThatMovedKeepsItsNameAndTellsWhereItIsNow() {
        List<Versioned<DeviceRecord>> before = after(List.of(), "n1", at("serial-1", "10.0.0.1"));

        List<Versioned<DeviceRecord>> moved = after(before, "n1", at("serial-1", "10.0.0.2"));

        assertThat(moved).singleElement().satisfies(device -> {
            assertThat(device.value().name())
                    .isEqualTo(before.getFirst().value().name());
            assertThat(device.value().properties()).containsEntry("ADDRESS", "10.0.0.2");
            assertThat(device.value().presence()).isEqualTo(Presence.ONLINE);
        });
    }

    @Test
    void ofTwoDevicesOfOneNameTheFirstIsKeptAndTheOtherIsToldOf() {
        Decision decision = decide(List.of(), "n1", shared("a", "a", "b"));

        assertThat(decision.changes()).hasSize(2);
        NodeDiscovery discovery = decision.discovery();
        assertThat(discovery.state()).isEqualTo(DiscoveryState.DEGRADED);
        assertThat(discovery.reason()).isEqualTo(ObservationRules.NAME_COLLISION);
        assertThat(discovery.devices()).isEqualTo(2);
    }

    @Test
    void aDeviceOfAnotherIdentityDoesNotTakeOverAName() {
        Versioned<DeviceRecord> a = after(List.of(), "n1", shared("a")).getFirst();
        DeviceRecord old = a.value();
        // No two identities with the same 50 bits are at hand, so the record is given another one.
        var imposter = new DeviceRecord(
                old.name(),
                KEY,
                old.configurationUid(),
                old.handler(),
                "other",
                true,
                1,
                Map.of(),
                old.properties(),
                Admission.APPROVED,
                null,
                old.presence(),
                NOW,
                old.sightings(),
                List.of());

        Decision decision = decide(List.of(new Versioned<>(imposter, 1)), "n2", shared("a"));

        assertThat(decision.changes())
                .allSatisfy(change -> assertThat(change.after()).isEqualTo(imposter));
        assertThat(decision.discovery().message()).contains("a");
    }

    @Test
    void onlyWhatIsAboutTheConfigurationAsItIsCounts() {
        assertThat(isAbout("uid", 2, "debugEcho")).isTrue();
        assertThat(isAbout("other", 2, "debugEcho")).isFalse();
        assertThat(isAbout("uid", 1, "debugEcho")).isFalse();
        assertThat(isAbout("uid", 2, "onvif")).isFalse();
        assertThat(ObservationRules.isAbout(configuration(List.of("n2")), "n1", shared()))
                .isFalse();
    }

    private static boolean isAbout(String uid, long generation, String handler) {
        var observation = new Observation(
                "s", 1, KEY, uid, generation, handler, true, DiscoveryState.RUNNING, null, null, List.of());
        return ObservationRules.isAbout(CONFIGURATION, "n1", observation);
    }

    private static Presence presence(List<Versioned<DeviceRecord>> devices, String identity) {
        return devices.stream()
                .filter(device -> device.value().identity().equals(identity))
                .findFirst()
                .orElseThrow()
                .value()
                .presence();
    }

    /// @return all devices after the observation
    private static List<Versioned<DeviceRecord>> after(
            List<Versioned<DeviceRecord>> before, String node, Observation observation) {
        List<DeviceChange> changes = decide(before, node, observation).changes();
        List<Versioned<DeviceRecord>> untouched = new ArrayList<>(before);
        untouched.removeAll(changes.stream()
                .map(DeviceChange::before)
                .filter(Objects::nonNull)
                .toList());
        Stream<Versioned<DeviceRecord>> touched =
                changes.stream().map(change -> new Versioned<>(Objects.requireNonNull(change.after()), 1));
        return Stream.concat(untouched.stream(), touched).toList();
    }

    private static Decision decide(List<Versioned<DeviceRecord>> known, String node, Observation observation) {
        return ObservationRules.decide(CONFIGURATION, known, new Statement(node, observation), NOW);
    }

    private static Observation shared(String... identities) {
        return observation(true, DiscoveryState.RUNNING, devices(identities));
    }

    private static Observation at(String identity, String address) {
        return observation(
                true, DiscoveryState.RUNNING, List.of(new ObservedDevice(identity, Map.of("ADDRESS", address))));
    }

    private static Observation partial(String... identities) {
        return new Observation(
                "s",
                1,
                KEY,
                "uid",
                2,
                "debugEcho",
                true,
                DiscoveryState.DEGRADED,
                null,
                null,
                devices(identities),
                true);
    }

    private static Observation local(String... identities) {
        return observation(false, DiscoveryState.RUNNING, devices(identities));
    }

    private static List<ObservedDevice> devices(String... identities) {
        return Stream.of(identities)
                .map(identity -> new ObservedDevice(identity, Map.of("ID", identity)))
                .toList();
    }

    private static Observation observation(
            boolean isShared, DiscoveryState state, @Nullable List<ObservedDevice> devices) {
        return new Observation("s", 1, KEY, "uid", 2, "debugEcho", isShared, state, null, null, devices);
    }

    private static ConfigurationRecord configuration(@Nullable List<String> targets) {
        ConfigurationSpec spec = ConfigurationSpec.of(new DiscoveryHandlerSpec("debugEcho", "", null), 1);
        return new ConfigurationRecord(
                KEY, "uid", 2, ManagedBy.KUBERNETES, Map.of(), spec, List.of(), DeviceCounts.NONE, null, targets, null);
    }
}
