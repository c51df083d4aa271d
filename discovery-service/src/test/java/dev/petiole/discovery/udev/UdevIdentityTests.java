package dev.petiole.discovery.udev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.DiscoveredDevice.DeviceNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What of a device outlives its port and its number, and what brokers can ask to be told.
class UdevIdentityTests {

    private static final String OTHER_PORT = "/devices/pci0000:00/0000:00:14.0/usb1/1-7/1-7.2";
    private static final String GPU = "/devices/pci0000:00/0000:00:01.0/0000:3b:00.0";

    @TempDir
    private Path directory;

    private SysfsTree tree;

    @BeforeEach
    void makeTree() {
        tree = SysfsTree.typical(directory);
    }

    @Test
    void aDeviceWithASerialNumberKeepsItsIdentityAtAnotherPortAndUnderAnotherNumber() throws IOException {
        List<String> before = identities("KERNEL==\"video*\"");
        tree.remove(SysfsTree.CAMERA);
        camera(OTHER_PORT, "1-7.2", "ABC123", 4);

        assertThat(before).containsExactly("usb:046d:0825:ABC123/:1.0/video#0", "usb:046d:0825:ABC123/:1.0/video#1");
        assertThat(identities("KERNEL==\"video*\"")).isEqualTo(before);
        assertThat(find("KERNEL==\"video4\"", KubeVirt.NONE))
                .extracting(DiscoveredDevice::locator)
                .containsExactly(OTHER_PORT + "/1-7.2:1.0/video4linux/video4");
    }

    /// Cheap gear has the same number in every piece; two of them must never be one.
    @Test
    void devicesOfOneSerialNumberAreKnownByWhereTheyAre() throws IOException {
        camera(OTHER_PORT, "1-7.2", "ABC123", 4);

        assertThat(find("KERNEL==\"video*\"", KubeVirt.NONE))
                .hasSize(4)
                .allSatisfy(device -> assertThat(device.identity()).isEqualTo(device.locator()));
    }

    @Test
    void aDeviceWithoutASerialNumberIsKnownByWhereItIs() throws IOException {
        assertThat(identities("KERNEL==\"ttyUSB0\"")).containsExactly(SysfsTree.TTY);
    }

    /// The number of a root hub is that of the slot it is in.
    @Test
    void theHostsOwnHubIsKnownByWhereItIs() throws IOException {
        assertThat(identities("KERNEL==\"usb1\"")).containsExactly("/devices/pci0000:00/0000:00:14.0/usb1");
    }

    @Test
    void attributesPropertiesAndTagsAreToldOnRequest() throws IOException {
        assertThat(only("{udevRules: ['KERNEL==\"video0\"'], properties: ['ATTR{index}', 'ATTRS{bInterfaceClass}', "
                                + "'ENV{ID_V4L_CAPABILITIES}', 'TAGS', 'ATTR{nothing}', 'ENV{NOTHING}']}")
                        .properties())
                .containsEntry("UDEV_ATTR_INDEX", "0")
                .containsEntry("UDEV_ATTRS_BINTERFACECLASS", "0e")
                .containsEntry("UDEV_ENV_ID_V4L_CAPABILITIES", ":capture:")
                .containsEntry("UDEV_TAGS", "uaccess")
                .doesNotContainKeys("UDEV_ATTR_NOTHING", "UDEV_ENV_NOTHING");
    }

    @Test
    void kubeVirtIsToldTheUsbAddressWithoutLeadingZeros() throws IOException {
        assertThat(find("KERNEL==\"1-1\"", kubeVirt("petiole.dev/udev-usb-camera", "false"))
                        .getFirst()
                        .properties())
                .containsEntry("USB_RESOURCE_PETIOLE_DEV_UDEV-USB-CAMERA", "1:2");
    }

    @Test
    void kubeVirtIsToldEachNumberedNodeOfAGroup() throws IOException {
        var query = new UdevDetails(
                        List.of("SUBSYSTEM==\"usb\", KERNEL==\"1-1\"", "SUBSYSTEM==\"video4linux\""), true, null, null)
                .toQuery(kubeVirt("a/b", "false"));

        assertThat(find(query).getFirst().properties())
                .containsEntry("USB_RESOURCE_A_B_0", "1:2")
                .doesNotContainKeys("USB_RESOURCE_A_B", "USB_RESOURCE_A_B_1", "PCI_RESOURCE_A_B");
    }

    @Test
    void kubeVirtIsToldThePciAddressAndGivenTheVfioGroup() throws IOException {
        tree.device(GPU, "bus/pci").uevent("PCI_ID=10DE:1EB8").iommuGroup("17");

        assertThat(find("KERNEL==\"0000:3b:00.0\"", kubeVirt("nvidia.com/TU104", "True")))
                .singleElement()
                .satisfies(device -> {
                    assertThat(device.properties()).containsEntry("PCI_RESOURCE_NVIDIA_COM_TU104", "0000:3b:00.0");
                    assertThat(device.deviceNodes())
                            .containsExactly(
                                    new DeviceNode("/dev/vfio/17", "/dev/vfio/17", "rwm"),
                                    new DeviceNode("/dev/vfio/vfio", "/dev/vfio/vfio", "rwm"));
                });
    }

    @Test
    void nothingOfKubeVirtIsToldUnlessAskedFor() throws IOException {
        tree.device(GPU, "bus/pci").uevent("PCI_ID=10DE:1EB8").iommuGroup("17");

        assertThat(find("KERNEL==\"0000:3b:00.0\"", KubeVirt.of(Map.of())))
                .singleElement()
                .satisfies(device -> {
                    assertThat(device.properties()).containsOnlyKeys("UDEV_DEVPATH", "UDEV_SUBSYSTEM");
                    assertThat(device.deviceNodes()).isEmpty();
                });
    }

    private void camera(String devpath, String port, String serial, int firstVideo) {
        tree.device(devpath, "bus/usb")
                .uevent("MAJOR=189", "MINOR=9", "DEVNAME=bus/usb/001/010", "DEVTYPE=usb_device")
                .attribute("idVendor", "046d\n")
                .attribute("idProduct", "0825\n")
                .attribute("serial", serial + "\n");
        tree.device(devpath + "/" + port + ":1.0", "bus/usb").uevent("DEVTYPE=usb_interface");
        for (int number = firstVideo; number < firstVideo + 2; number++) {
            tree.device(devpath + "/" + port + ":1.0/video4linux/video" + number, "class/video4linux")
                    .uevent("MAJOR=81", "MINOR=" + number, "DEVNAME=video" + number);
        }
    }

    private static KubeVirt kubeVirt(String resource, String vfio) {
        return KubeVirt.of(Map.of("devicePluginResourceName", resource, "vfioPassthrough", vfio));
    }

    private List<String> identities(String rule) throws IOException {
        return find(rule, KubeVirt.NONE).stream()
                .map(DiscoveredDevice::identity)
                .toList();
    }

    private DiscoveredDevice only(String details) throws IOException {
        return find(dev.petiole.discovery.handler.YamlDetails.read(details, UdevDetails.class)
                        .toQuery(KubeVirt.NONE))
                .getFirst();
    }

    private List<DiscoveredDevice> find(String rule, KubeVirt kubeVirt) throws IOException {
        return find(new UdevDetails(List.of(rule), null, null, null).toQuery(kubeVirt));
    }

    private List<DiscoveredDevice> find(UdevQuery query) throws IOException {
        return UdevDevices.of(
                tree.scan().devices().stream().filter(query::matches).toList(), query);
    }
}
