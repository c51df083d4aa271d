package dev.petiole.discovery.udev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A small sysfs and udev database on disk, laid out as the kernel and udevd lay them out.
final class SysfsTree {

    static final String CAMERA = "/devices/pci0000:00/0000:00:14.0/usb1/1-1";
    static final String VIDEO0 = CAMERA + "/1-1:1.0/video4linux/video0";
    static final String VIDEO1 = CAMERA + "/1-1:1.0/video4linux/video1";
    static final String SERIAL_ADAPTER = "/devices/pci0000:00/0000:00:14.0/usb1/1-10";
    static final String TTY = SERIAL_ADAPTER + "/1-10:1.0/ttyUSB0/tty/ttyUSB0";

    private final Path root;

    SysfsTree(Path directory) {
        this.root = directory;
        createDirectories(sysfs().resolve("class"));
        createDirectories(sysfs().resolve("bus"));
        createDirectories(database());
    }

    Path sysfs() {
        return root.resolve("sys");
    }

    Path database() {
        return root.resolve("udev-data");
    }

    Sysfs scan() throws IOException {
        return new Sysfs(sysfs(), database());
    }

    /// A camera and a serial adapter on a USB bus, and the devices every Linux has.
    static SysfsTree typical(Path directory) {
        var tree = new SysfsTree(directory);
        tree.device("/devices/pci0000:00/0000:00:14.0", "bus/pci")
                .uevent("DRIVER=xhci_hcd", "PCI_ID=8086:A36D")
                .driver("xhci_hcd")
                .attribute("vendor", "0x8086\n");
        tree.device("/devices/pci0000:00/0000:00:14.0/usb1", "bus/usb")
                .uevent("MAJOR=189", "MINOR=0", "DEVNAME=bus/usb/001/001", "DEVTYPE=usb_device")
                .driver("usb")
                .attribute("idVendor", "1d6b\n")
                .attribute("manufacturer", "Linux xhci-hcd\n")
                .attribute("serial", "0000:00:14.0\n");
        tree.device(CAMERA, "bus/usb")
                .uevent("MAJOR=189", "MINOR=1", "DEVNAME=bus/usb/001/002", "DEVTYPE=usb_device", "PRODUCT=46d/825/12")
                .driver("usb")
                .attribute("idVendor", "046d\n")
                .attribute("idProduct", "0825\n")
                .attribute("manufacturer", "Acme\n")
                .attribute("product", "Shelf Camera  \n")
                .attribute("serial", "ABC123\n");
        tree.device(CAMERA + "/1-1:1.0", "bus/usb")
                .uevent("DEVTYPE=usb_interface", "DRIVER=uvcvideo")
                .driver("uvcvideo")
                .attribute("bInterfaceClass", "0e\n");
        tree.device(VIDEO0, "class/video4linux")
                .uevent("MAJOR=81", "MINOR=0", "DEVNAME=video0")
                .attribute("name", "Shelf Camera\n")
                .attribute("index", "0\n");
        tree.device(VIDEO1, "class/video4linux")
                .uevent("MAJOR=81", "MINOR=1", "DEVNAME=video1")
                .attribute("name", "Shelf Camera\n")
                .attribute("index", "1\n");
        tree.device(CAMERA + "/1-1:1.0/input/input5", "class/input")
                .uevent("NAME=\"Shelf Camera\"")
                .attribute("name", "Shelf Camera: Button\n");
        tree.device(SERIAL_ADAPTER, "bus/usb")
                .uevent("MAJOR=189", "MINOR=2", "DEVNAME=bus/usb/001/003", "DEVTYPE=usb_device")
                .driver("usb")
                .attribute("idVendor", "0403\n")
                .attribute("product", "FT232R\n");
        tree.device(SERIAL_ADAPTER + "/1-10:1.0", "bus/usb")
                .uevent("DEVTYPE=usb_interface", "DRIVER=ftdi_sio")
                .driver("ftdi_sio")
                .attribute("bInterfaceClass", "ff\n");
        tree.device(TTY, "class/tty").uevent("MAJOR=188", "MINOR=0", "DEVNAME=ttyUSB0");
        tree.device("/devices/virtual/mem/null", "class/mem")
                .uevent("MAJOR=1", "MINOR=3", "DEVNAME=null", "DEVMODE=0666");
        tree.device("/devices/virtual/block/cciss!c0d0", "class/block")
                .uevent("MAJOR=7", "MINOR=0", "DEVNAME=cciss/c0d0", "DEVTYPE=disk")
                .attribute("queue/rotational", "1\n");
        tree.record(
                "c81:0",
                "S:v4l/by-id/usb-Acme-video-index0",
                "E:ID_V4L_CAPABILITIES=:capture:",
                "E:ID_VENDOR=Acme_Inc",
                "E:ID_MODEL=Shelf_Camera",
                "E:ID_SERIAL=Acme_Shelf_Camera_ABC123",
                "E:ID_SERIAL_SHORT=ABC123",
                "G:uaccess",
                "G:old",
                "Q:uaccess",
                "V:1");
        tree.record("c81:1", "E:ID_V4L_CAPABILITIES=:");
        tree.record("c188:0", "G:systemd");
        tree.record("b7:0", "E:ID_TYPE=disk");
        return tree;
    }

    Device device(String devpath, String subsystem) {
        return new Device(devpath, subsystem);
    }

    void record(String id, String... lines) {
        write(database().resolve(id), String.join("\n", lines) + "\n");
    }

    /// Unplugs a device and all below it.
    void remove(String devpath) {
        Path directory = sysfs().resolve(devpath.substring(1));
        for (Path link : linksInto(directory)) {
            delete(link);
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(SysfsTree::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> linksInto(Path directory) {
        try (Stream<Path> files =
                Stream.concat(Files.walk(sysfs().resolve("class")), Files.walk(sysfs().resolve("bus")))) {
            return files.filter(Files::isSymbolicLink)
                    .filter(link -> resolved(link).startsWith(directory))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path resolved(Path link) {
        try {
            return link.getParent().resolve(Files.readSymbolicLink(link)).normalize();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void createDirectories(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        createDirectories(file.getParent());
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void link(Path link, Path target) {
        createDirectories(link.getParent());
        try {
            Files.createSymbolicLink(link, link.getParent().relativize(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A device that is being set up.
    final class Device {

        private final Path directory;

        private Device(String devpath, String subsystem) {
            directory = sysfs().resolve(devpath.substring(1));
            Path owner = sysfs().resolve(subsystem);
            write(directory.resolve("uevent"), "");
            createDirectories(owner);
            link(directory.resolve("subsystem"), owner);
            Path entries = subsystem.startsWith("bus/") ? owner.resolve("devices") : owner;
            link(entries.resolve(directory.getFileName()), directory);
        }

        Device uevent(String... lines) {
            write(directory.resolve("uevent"), String.join("\n", lines) + "\n");
            return this;
        }

        Device attribute(String name, String value) {
            write(directory.resolve(name), value);
            return this;
        }

        Device iommuGroup(String number) {
            Path group = sysfs().resolve("kernel/iommu_groups").resolve(number);
            createDirectories(group);
            link(directory.resolve("iommu_group"), group);
            return this;
        }

        Device driver(String name) {
            Path driver = sysfs().resolve("bus/any/drivers").resolve(name);
            createDirectories(driver);
            link(directory.resolve("driver"), driver);
            return this;
        }
    }
}
