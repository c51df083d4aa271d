package dev.petiole.registry.device;

import static dev.petiole.api.device.Device.Presence.MISSING;
import static dev.petiole.api.device.Device.Presence.OFFLINE;
import static dev.petiole.api.device.Device.Presence.ONLINE;
import static dev.petiole.api.device.Device.Presence.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.Presence;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceRecordTests {

    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant T1 = T0.plusSeconds(1);
    private static final Instant T2 = T0.plusSeconds(2);
    private static final Map<String, String> NONE = Map.of();

    /// Architecture, "Names, ownership, access": Online if any node has it Online, else Missing, else Unknown.
    @ParameterizedTest
    @CsvSource({
        "ONLINE, ONLINE, ONLINE",
        "ONLINE, MISSING, ONLINE",
        "ONLINE, UNKNOWN, ONLINE",
        "MISSING, MISSING, MISSING",
        "MISSING, UNKNOWN, MISSING",
        "UNKNOWN, UNKNOWN, UNKNOWN"
    })
    void theBestPresenceOfAllNodesCounts(Presence one, Presence other, Presence expected) {
        assertThat(device(one, other).presence()).isEqualTo(expected);
        assertThat(device(other, one).presence()).isEqualTo(expected);
    }

    @Test
    void aDeviceNobodyHasSeenIsOffline() {
        assertThat(device().presence()).isEqualTo(OFFLINE);
    }

    @Test
    void silenceMakesUnknownWhatWasOnlineAndNothingElse() {
        DeviceRecord device = device(ONLINE, MISSING);

        DeviceRecord silent = device.unknownTo("n1", T1).unknownTo("n2", T1);

        assertThat(silent.findSighting("n1").orElseThrow().presence()).isEqualTo(UNKNOWN);
        assertThat(silent.findSighting("n2").orElseThrow().presence()).isEqualTo(MISSING);
        assertThat(silent.knownAgainTo("n1", T2)
                        .findSighting("n1")
                        .orElseThrow()
                        .presence())
                .isEqualTo(ONLINE);
    }

    /// Invariant 3: silence alone never takes a device offline, however long it lasts.
    @Test
    void graceNeverEndsWhatIsUnknown() {
        DeviceRecord silent = device(ONLINE).unknownTo("n1", T1);

        assertThat(silent.afterGrace(_ -> true, T2)).isEqualTo(silent);
    }

    @Test
    void afterGraceTheNodeIsGoneAndWithTheLastOneTheDeviceIsOffline() {
        DeviceRecord device = device(ONLINE, ONLINE).missedBy("n1", T1);

        DeviceRecord without = device.afterGrace(since -> since.equals(T1), T2);
        assertThat(without.presence()).isEqualTo(ONLINE);
        assertThat(without.findSighting("n1")).isEmpty();

        DeviceRecord offline = without.missedBy("n2", T1).afterGrace(_ -> true, T2);
        assertThat(offline.presence()).isEqualTo(OFFLINE);
        assertThat(offline.presenceSince()).isEqualTo(T2);
        assertThat(offline.sightings()).isEmpty();
    }

    @Test
    void aDeviceThatIsSeenAgainIsOnlineAtOnce() {
        DeviceRecord missing = device(ONLINE).missedBy("n1", T1);

        DeviceRecord back = missing.seenBy("n1", NONE, T2);

        assertThat(back.presence()).isEqualTo(ONLINE);
        assertThat(back.presenceSince()).isEqualTo(T2);
    }

    @Test
    void whatIsSaidAgainChangesNothing() {
        DeviceRecord device = device(ONLINE).missedBy("n1", T1);

        assertThat(device.missedBy("n1", T2)).isEqualTo(device);
        assertThat(device(ONLINE).seenBy("n1", NONE, T2)).isEqualTo(device(ONLINE));
    }

    @Test
    void propertiesAreThoseOfTheFirstReporterUntilItLosesTheDevice() {
        DeviceRecord device = device().seenBy("n2", Map.of("URL", "two"), T0).seenBy("n1", Map.of("URL", "one"), T1);
        assertThat(device.properties()).containsEntry("URL", "two");

        DeviceRecord missing = device.missedBy("n2", T1);
        assertThat(missing.properties()).containsEntry("URL", "two");

        DeviceRecord lost = missing.afterGrace(_ -> true, T2);
        assertThat(lost.properties()).containsEntry("URL", "one");
        assertThat(lost.forgottenBy("n1", T2).properties()).containsEntry("URL", "one");
    }

    @Test
    void onlyAnApprovedDeviceThatTheNodeItselfSeesIsAvailableToIt() {
        DeviceRecord device = device(ONLINE, MISSING);

        assertThat(device.isAvailableOn("n1")).isTrue();
        assertThat(device.isAvailableOn("n2")).isFalse();
        assertThat(device.isAvailableOn("n3")).isFalse();
        assertThat(device.decided(Admission.PENDING, null).isAvailableOn("n1")).isFalse();
    }

    private static DeviceRecord device(Presence... presences) {
        var origin = new DeviceRecord.Origin(ConfigurationKey.of("default", "scales"), "uid", "debugEcho", "a", null);
        DeviceRecord device = DeviceRecord.of(origin, 1, Admission.APPROVED, T0);
        for (int i = 0; i < presences.length; i++) {
            String node = "n" + (i + 1);
            device = device.seenBy(node, NONE, T0);
            device = switch (presences[i]) {
                case ONLINE, OFFLINE -> device;
                case MISSING -> device.missedBy(node, T0);
                case UNKNOWN -> device.unknownTo(node, T0);
            };
        }
        return device;
    }
}
