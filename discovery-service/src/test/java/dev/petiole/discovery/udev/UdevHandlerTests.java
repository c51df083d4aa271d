package dev.petiole.discovery.udev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.DiscoveredDevice.DeviceNode;
import dev.petiole.discovery.handler.DiscoveryHandler;
import dev.petiole.discovery.handler.DiscoveryHandlerContract;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.InvalidDetails;
import dev.petiole.discovery.handler.RecordedSightings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UdevHandlerTests extends DiscoveryHandlerContract {

    @TempDir
    private Path directory;

    private final AnnouncedChanges changes = new AnnouncedChanges();
    private SysfsTree tree;
    private UdevHandler handler;

    @BeforeEach
    void makeHandler() {
        tree = SysfsTree.typical(directory);
        handler = new UdevHandler(tree.sysfs(), tree.database(), changes);
    }

    @Override
    protected DiscoveryHandler handler() {
        return handler;
    }

    @Override
    protected HandlerInput inputThatFindsDevices() {
        return HandlerInput.of("udevRules: ['KERNEL==\"video*\"']");
    }

    @Override
    protected HandlerInput inputThatFindsNothing() {
        return HandlerInput.of("udevRules: ['KERNEL==\"nothing*\"']");
    }

    @Test
    void tellsWhatUdevdKnowsOfADevice() {
        assertThat(find("{udevRules: ['KERNEL==\"video0\"'], permissions: rw}"))
                .containsExactly(new DiscoveredDevice(
                        "usb:046d:0825:ABC123/:1.0/video#0",
                        SysfsTree.VIDEO0,
                        Map.of(
                                "UDEV_DEVPATH", SysfsTree.VIDEO0,
                                "UDEV_DEVNODE", "/dev/video0",
                                "UDEV_SUBSYSTEM", "video4linux",
                                "UDEV_VENDOR", "Acme_Inc",
                                "UDEV_MODEL", "Shelf_Camera",
                                "UDEV_SERIAL", "ABC123"),
                        List.of(),
                        List.of(new DeviceNode("/dev/video0", "/dev/video0", "rw"))));
    }

    /// It hangs on a controller that hangs on a processor; the kernel says -1 where there is but one.
    @Test
    void theNumaNodeIsThatOfTheBus() throws IOException {
        Path controller = tree.sysfs().resolve("devices/pci0000:00/0000:00:14.0");
        Files.writeString(controller.resolve("numa_node"), "1\n");
        assertThat(find("udevRules: ['KERNEL==\"video0\"']"))
                .singleElement()
                .satisfies(device -> assertThat(device.numaNode()).isEqualTo(1));

        Files.writeString(controller.resolve("numa_node"), "-1\n");
        assertThat(find("udevRules: ['KERNEL==\"video0\"']"))
                .singleElement()
                .satisfies(device -> assertThat(device.numaNode()).isNull());
    }

    @Test
    void withoutUdevdSysfsItselfIsAsked() {
        assertThat(find("udevRules: ['KERNEL==\"video1\"']"))
                .singleElement()
                .satisfies(device -> assertThat(device.properties())
                        .containsEntry("UDEV_VENDOR", "Acme")
                        .containsEntry("UDEV_MODEL", "Shelf Camera")
                        .containsEntry("UDEV_SERIAL", "ABC123"));
    }

    /// The adapter has no serial number; the hub that it is plugged into has one.
    @Test
    void serialOfTheHubIsNotTheDevices() {
        assertThat(find("udevRules: ['KERNEL==\"ttyUSB0\"']"))
                .singleElement()
                .satisfies(device -> assertThat(device.properties())
                        .containsEntry("UDEV_MODEL", "FT232R")
                        .doesNotContainKey("UDEV_SERIAL"));
    }

    @Test
    void deviceWithoutNodeStandsForTheNearestOneAboveThatHasOne() {
        assertThat(find("udevRules: ['KERNEL==\"input5\"', 'DRIVER==\"uvcvideo\"']"))
                .singleElement()
                .satisfies(device -> {
                    assertThat(device.locator()).isEqualTo(SysfsTree.CAMERA);
                    assertThat(device.properties()).containsEntry("UDEV_DEVNODE", "/dev/bus/usb/001/002");
                });
    }

    @Test
    void deviceWithoutAnyNodeIsStillADevice() {
        tree.device("/devices/virtual/net/tap0", "class/net").uevent("INTERFACE=tap0", "IFINDEX=7");

        assertThat(find("udevRules: ['SUBSYSTEM==\"net\"']"))
                .containsExactly(DiscoveredDevice.of(
                        "/devices/virtual/net/tap0",
                        Map.of("UDEV_DEVPATH", "/devices/virtual/net/tap0", "UDEV_SUBSYSTEM", "net")));
    }

    /// `1-10` begins with `1-1` and is another device.
    @Test
    void groupHoldsADeviceAndWhatIsBelowItInAStableOrder() {
        String details =
                "{groupRecursive: true, udevRules: ['SUBSYSTEM==\"usb\", ENV{DEVTYPE}==\"usb_device\", KERNEL!=\"usb1\"',"
                        + " 'SUBSYSTEM==\"video4linux\"']}";

        List<DiscoveredDevice> devices = find(details);

        assertThat(devices)
                .extracting(DiscoveredDevice::locator)
                .containsExactly(SysfsTree.CAMERA, SysfsTree.SERIAL_ADAPTER);
        assertThat(devices.getFirst().properties())
                .containsEntry("UDEV_DEVNODE_0", "/dev/bus/usb/001/002")
                .containsEntry("UDEV_DEVNODE_1", "/dev/video0")
                .containsEntry("UDEV_DEVNODE_2", "/dev/video1")
                .doesNotContainKey("UDEV_DEVNODE");
        assertThat(devices.getFirst().deviceNodes()).hasSize(3);
        assertThat(devices.getLast().properties()).containsEntry("UDEV_DEVNODE_0", "/dev/bus/usb/001/003");
    }

    @Test
    void rulesAreAlternatives() {
        assertThat(find("udevRules: ['KERNEL==\"null\"', 'KERNEL==\"ttyUSB*\"']"))
                .extracting(DiscoveredDevice::locator)
                .containsExactly(SysfsTree.TTY, "/devices/virtual/mem/null");
    }

    @Test
    void unpluggedAndPluggedInIsReportedOnceAnnounced() {
        try (var sightings = new RecordedSightings(handler.prepare(inputThatFindsDevices()))) {
            eventually(() -> assertThat(devpaths(sightings)).containsExactly(SysfsTree.VIDEO0, SysfsTree.VIDEO1));

            tree.remove(SysfsTree.VIDEO1);
            changes.announce();

            eventually(() -> assertThat(devpaths(sightings)).containsExactly(SysfsTree.VIDEO0));
            tree.device("/devices/virtual/video4linux/video9", "class/video4linux")
                    .uevent("MAJOR=81", "MINOR=9", "DEVNAME=video9");
            changes.announce();
            eventually(() -> assertThat(devpaths(sightings)).hasSize(2));
        }
    }

    @Test
    void changeOfNoConsequenceIsNotReported() {
        try (var sightings = new RecordedSightings(handler.prepare(inputThatFindsDevices()))) {
            eventually(() -> assertThat(sightings.last().devices()).hasSize(2));
            tree.remove("/devices/virtual/mem/null");
            changes.announce();
            tree.remove(SysfsTree.VIDEO1);
            changes.announce();
            eventually(() -> assertThat(devpaths(sightings)).containsExactly(SysfsTree.VIDEO0));

            assertThat(sightings.all()).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
        groupRecursive: true                                       ; discoveryDetails.udevRules: missing
        udevRules: []                                              ; discoveryDetails.udevRules: 0 rules
        {udevRules: ['KERNEL=="a"'], permissions: wr}              ; discoveryDetails.permissions: 'wr'
        {udevRules: ['KERNEL=="a"', 'ACTION=="add"']}              ; discoveryDetails.udevRules[1]: position 1: ACTION
        {udevRules: ['KERNEL=="a"'], groupRecursive: perhaps}      ; discoveryDetails.groupRecursive
        {udevRules: ['KERNEL=="a"'], properties: ['KERNEL']}       ; discoveryDetails.properties[0]: 'KERNEL'
        """)
    void badDetailIsNamed(String details, String message) {
        assertThatExceptionOfType(InvalidDetails.class)
                .isThrownBy(() -> handler.prepare(HandlerInput.of(details)))
                .withMessageContaining(message);
    }

    private List<DiscoveredDevice> find(String details) {
        try (var sightings = new RecordedSightings(handler.prepare(HandlerInput.of(details)))) {
            eventually(sightings::last);
            return sightings.last().devices();
        }
    }

    private static List<String> devpaths(RecordedSightings sightings) {
        return sightings.last().devices().stream()
                .map(DiscoveredDevice::locator)
                .toList();
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(assertion);
    }

    /// Changes are announced when a test says so.
    private static final class AnnouncedChanges implements DeviceChanges {

        private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

        void announce() {
            listeners.forEach(Runnable::run);
        }

        @Override
        public Subscription subscribe(Runnable onChange) {
            listeners.add(onChange);
            return new Subscription() {
                @Override
                public boolean isLive() {
                    return true;
                }

                @Override
                public void close() {
                    listeners.remove(onChange);
                }
            };
        }
    }
}
