package dev.petiole.discovery.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.Warning;
import dev.petiole.discovery.handler.YamlDetails;
import java.net.InetAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CameraTableTests {

    private static final InetAddress HERE = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress THERE = InetAddress.ofLiteral("192.0.2.2");
    private static final Inspection SILENCE =
            new Inspection.Unreachable(new Warning(DiscoveryReason.ENDPOINT_UNREACHABLE, "silent"));

    private final SoapTransport transport = new SoapTransport();
    private CameraTable table = table("");
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void cameraIsListedWhenItsServiceAnswers() {
        table.heard(camera("a"), HERE, false, now);

        assertThat(table.isSettled()).isFalse();
        assertThat(devices()).isEmpty();
        inspectAll(read(HERE));
        assertThat(devices()).containsExactly("a");
        assertThat(table.isSettled()).isTrue();
        assertThat(due()).isEmpty();
    }

    /// Akri's hash is of the service's URL and the UUID.
    @Test
    void cameraIsFoundAtTheUrlOfItsService() {
        present("a", HERE);

        assertThat(table.sighting(List.of()).devices())
                .extracting(DiscoveredDevice::locator)
                .containsExactly(at(HERE).url() + "-a");
    }

    @Test
    void cameraWhoseServiceIsSilentIsAWarningAndIsAskedLessAndLess() {
        table.heard(camera("a"), HERE, false, now);
        inspectAll(SILENCE);

        assertThat(devices()).isEmpty();
        assertThat(table.sighting(List.of()).warnings()).containsExactly(new Warning("EndpointUnreachable", "silent"));
        int asked = 0;
        for (int second = 0; second < 600; second++) {
            pass(Duration.ofSeconds(1));
            table.heard(camera("a"), HERE, false, now);
            asked += inspectAll(SILENCE);
        }
        assertThat(asked).isBetween(10, 20);
    }

    @Test
    void byeFromWhereItIsTakesItAwayAtOnce() {
        present("a", HERE);

        table.left("a", HERE, now);

        assertThat(devices()).isEmpty();
    }

    /// Anyone on the network can say Bye for anyone.
    @Test
    void byeFromElsewhereTakesItAwayOnlyIfItIsSilent() {
        present("a", HERE);
        pass(Duration.ofSeconds(5));

        table.left("a", THERE, now);
        assertThat(devices()).containsExactly("a");
        assertThat(inspectAll(new Inspection.Alive())).isEqualTo(1);
        assertThat(devices()).containsExactly("a");

        pass(Duration.ofSeconds(5));
        table.left("a", THERE, now);
        inspectAll(SILENCE);
        assertThat(devices()).isEmpty();
    }

    @Test
    void lostPacketsTakeNothingAway() {
        present("a", HERE);

        for (int round = 0; round < 20; round++) {
            pass(Duration.ofSeconds(10));
            table.roundEnded(now);
            inspectAll(new Inspection.Alive());
        }

        assertThat(devices()).containsExactly("a");
    }

    @Test
    void silenceOfTheServiceAloneTakesNothingAway() {
        present("a", HERE);

        for (int round = 0; round < 100; round++) {
            pass(Duration.ofSeconds(10));
            table.heard(camera("a"), HERE, false, now);
            table.roundEnded(now);
            inspectAll(SILENCE);
        }

        assertThat(devices()).containsExactly("a");
    }

    @Test
    void cameraThatMissedSeveralRoundsAndIsSilentIsLost() {
        present("a", HERE);
        table.roundEnded(now);

        for (int round = 1; round <= Camera.MISSED_ROUNDS; round++) {
            assertThat(devices()).as("after %d missed rounds", round - 1).containsExactly("a");
            pass(Duration.ofSeconds(10));
            table.roundEnded(now);
            inspectAll(SILENCE);
        }

        assertThat(devices()).isEmpty();
    }

    /// An announcement from another address is anyone's claim, until the camera no longer answers where it was.
    @Test
    void cameraMovesWhenItNoLongerAnswersWhereItWas() {
        present("a", HERE);
        pass(Duration.ofSeconds(5));

        table.heard(camera("a"), THERE, true, now);
        List<Inspector.Task> tasks = due();
        assertThat(tasks).singleElement().satisfies(task -> {
            assertThat(task.isCheck()).isTrue();
            assertThat(task.known()).isNotNull();
            assertThat(task.candidates()).extracting(Inspector.Candidate::from).containsExactly(HERE, THERE);
        });
        table.inspected(tasks.getFirst(), read(THERE), now);

        assertThat(table.sighting(List.of()).devices())
                .singleElement()
                .satisfies(it -> assertThat(it.properties()).containsEntry("ONVIF_DEVICE_IP_ADDRESS", "192.0.2.2"));
    }

    @Test
    void changedAnnouncementHasItAskedAgainButNotInAHotLoop() {
        present("a", HERE);
        int asked = 0;
        for (int i = 0; i < 1_000; i++) {
            pass(Duration.ofMillis(10));
            table.heard(
                    new Announcement("a", List.of("onvif://www.onvif.org/name/n" + i), List.of(), ""), HERE, true, now);
            asked += inspectAll(read(HERE));
        }

        assertThat(asked).isBetween(9, 11);
    }

    @Test
    void factsAreReadAgainNowAndThen() {
        present("a", HERE);

        pass(Camera.REFRESH);

        assertThat(due())
                .singleElement()
                .satisfies(task -> assertThat(task.isCheck()).isFalse());
    }

    /// A camera that does not answer probes is checked every few rounds, which must not put the reading off for ever.
    @Test
    void factsOfACameraThatIsOnlyCheckedAreReadAgainToo() {
        present("a", HERE);
        int readings = 0;
        for (int round = 0; round < 180; round++) {
            pass(Duration.ofSeconds(10));
            table.roundEnded(now);
            for (Inspector.Task task : due()) {
                readings += task.isCheck() ? 0 : 1;
                table.inspected(task, task.isCheck() ? new Inspection.Alive() : read(HERE), now);
            }
        }

        assertThat(readings).isBetween(2, 3);
        assertThat(devices()).containsExactly("a");
    }

    @Test
    void whatCouldNotBeReadThisTimeStaysAsItWas() {
        present("a", HERE);
        pass(Camera.REFRESH);

        inspectAll(new Inspection.Read(at(HERE), DeviceFacts.NONE, false, List.of()));

        assertThat(table.sighting(List.of()).devices().getFirst().properties())
                .containsEntry("ONVIF_DEVICE_MODEL", "model");
    }

    @Test
    void answerOfAnInspectionThatTheCameraDidNotOutliveIsIgnored() {
        table.heard(camera("a"), HERE, false, now);
        List<Inspector.Task> tasks = due();
        table.left("a", HERE, now);
        table.heard(camera("a"), HERE, false, now);

        table.inspected(tasks.getFirst(), read(HERE), now);

        assertThat(devices()).isEmpty();
    }

    @Test
    void cameraThatNoLongerPassesTheFilterGoes() {
        table = table("scopes: {items: ['onvif://www.onvif.org/name/gate']}");
        Announcement gate = new Announcement("a", List.of("onvif://www.onvif.org/name/gate"), List.of(), "");
        table.heard(gate, HERE, false, now);
        inspectAll(read(HERE));
        assertThat(devices()).containsExactly("a");

        table.heard(camera("a"), THERE, false, now);
        assertThat(devices()).as("only said elsewhere").containsExactly("a");
        table.heard(camera("a"), HERE, false, now);
        assertThat(devices()).isEmpty();
    }

    /// Akri asks filtered-out cameras anew in every round.
    @Test
    void cameraLeftOutByItsMacAddressIsNotAskedAgainEachRound() {
        table = table("macAddresses: {items: ['aa:aa:aa:aa:aa:aa']}");
        table.heard(camera("a"), HERE, false, now);
        assertThat(inspectAll(read(HERE))).isEqualTo(1);
        assertThat(devices()).isEmpty();
        assertThat(table.sighting(List.of()).warnings())
                .singleElement()
                .satisfies(it -> assertThat(it.reason()).isEqualTo(DiscoveryReason.FILTER_VALUE_UNKNOWN));

        pass(Duration.ofSeconds(10));
        table.heard(camera("a"), HERE, false, now);

        assertThat(due()).isEmpty();
    }

    @Test
    void oneHostCannotCrowdOutTheOthers() {
        for (int i = 0; i < 5_000; i++) {
            table.heard(camera("fake" + i), HERE, false, now);
        }
        table.heard(camera("real"), THERE, false, now);
        inspectAll(read(HERE));

        assertThat(devices()).hasSize(CameraTable.MAX_CAMERAS_AT_AN_ADDRESS + 1).contains("real");
        assertThat(table.sighting(List.of()).warnings())
                .extracting(Warning::reason)
                .containsExactly(DiscoveryReason.TOO_MANY_DEVICES);
        table.roundEnded(now);
        table.roundEnded(now);
        assertThat(table.sighting(List.of()).warnings()).isEmpty();
    }

    @Test
    void camerasThatNeverAnsweredMakeRoomForNewOnes() {
        for (int i = 0; i < CameraTable.MAX_CAMERAS; i++) {
            table.heard(camera("c" + i), InetAddress.ofLiteral("10.0." + i / 50 + "." + i % 50), false, now);
        }
        inspectAll(SILENCE);

        table.heard(camera("real"), THERE, false, now);
        inspectAll(read(THERE));

        assertThat(devices()).containsExactly("real");
        assertThat(table.sighting(List.of()).warnings()).hasSize(21);
    }

    private static CameraTable tableOf(OnvifQuery query, SoapTransport transport) {
        return new CameraTable(query, _ -> new DeviceSession(transport, null, Clock.systemUTC(), new SecureRandom()));
    }

    private CameraTable table(String details) {
        return tableOf(YamlDetails.read(details, OnvifDetails.class).toQuery(), transport);
    }

    private void present(String uuid, InetAddress at) {
        table.heard(camera(uuid), at, false, now);
        inspectAll(read(at));
        assertThat(devices()).contains(uuid);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private List<Inspector.Task> due() {
        return table.due(10_000, now);
    }

    private int inspectAll(Inspection inspection) {
        List<Inspector.Task> tasks = due();
        tasks.forEach(task -> table.inspected(task, inspection, now));
        return tasks.size();
    }

    private List<String> devices() {
        return table.sighting(List.of()).devices().stream()
                .map(DiscoveredDevice::identity)
                .toList();
    }

    private static Announcement camera(String uuid) {
        return new Announcement(uuid, List.of(), List.of("http://192.0.2.1/onvif/device_service"), "1");
    }

    private static Inspection read(InetAddress at) {
        return new Inspection.Read(
                at(at),
                new DeviceFacts(new DeviceFacts.Identification("maker", "model", "1", "2", "3"), List.of(), List.of()),
                true,
                List.of());
    }

    private static ServiceAddress at(InetAddress address) {
        return new ServiceAddress(
                URI.create("http://" + address.getHostAddress() + "/onvif/device_service"),
                address,
                ServiceAddress.Trust.PLAIN);
    }
}
