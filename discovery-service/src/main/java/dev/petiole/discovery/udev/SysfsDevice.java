package dev.petiole.discovery.udev;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A device of the kernel as one scan sees it. What it says is read when it is first asked for. Not thread-safe.
final class SysfsDevice {

    private final Sysfs sysfs;
    private final Path directory;

    private @Nullable Map<String, String> uevent;
    private @Nullable UdevRecord udevRecord;
    private @Nullable String subsystem;
    private @Nullable String driver;
    private @Nullable SysfsDevice parent;
    private boolean isParentKnown;

    SysfsDevice(Sysfs sysfs, Path directory) {
        this.sysfs = sysfs;
        this.directory = directory;
    }

    /// Its path in sysfs, such as `/devices/virtual/mem/null`.
    String devpath() {
        return sysfs.devpath(directory);
    }

    /// The kernel's name for it, such as `sda1`.
    String sysname() {
        return fileName().replace('!', '/');
    }

    /// Empty if it has none.
    String subsystem() {
        String known = subsystem;
        if (known == null) {
            known = sysfs.linkName(directory.resolve("subsystem"));
            subsystem = known;
        }
        return known;
    }

    /// Empty if none is bound to it.
    String driver() {
        String known = driver;
        if (known == null) {
            known = sysfs.linkName(directory.resolve("driver"));
            driver = known;
        }
        return known;
    }

    /// The group of devices that its IOMMU can't tell apart; empty if there is none.
    String iommuGroup() {
        return sysfs.linkName(directory.resolve("iommu_group"));
    }

    /// The names in the directory that it lies in, its own among them.
    List<String> siblings() {
        return sysfs.names(directory.getParent());
    }

    /// A file of its directory, without the line's end; of a link to a driver, module or subsystem the link's name.
    Optional<String> findAttribute(String name) {
        return sysfs.findAttribute(directory, name);
    }

    /// A property of the kernel or of udevd, such as `DEVTYPE` or `ID_SERIAL`; empty if it has none of that name.
    String property(String name) {
        return switch (name) {
            case "DEVPATH" -> devpath();
            case "SUBSYSTEM" -> subsystem();
            case "DEVNAME" -> findDevnode().orElse("");
            default -> {
                String fromUdev = udevRecord().properties().get(name);
                yield fromUdev != null ? fromUdev : uevent().getOrDefault(name, "");
            }
        };
    }

    Set<String> tags() {
        return udevRecord().tags();
    }

    /// The path of its device node, such as `/dev/null`.
    Optional<String> findDevnode() {
        String name = uevent().get("DEVNAME");
        return Optional.ofNullable(name).map(devname -> devname.startsWith("/") ? devname : "/dev/" + devname);
    }

    /// The device it hangs on, such as the USB interface of a camera.
    Optional<SysfsDevice> findParent() {
        if (!isParentKnown) {
            parent = sysfs.findParent(directory).orElse(null);
            isParentKnown = true;
        }
        return Optional.ofNullable(parent);
    }

    /// From the device itself upwards.
    Stream<SysfsDevice> selfAndAncestors() {
        return Stream.iterate(Optional.of(this), Optional::isPresent, device -> device.flatMap(SysfsDevice::findParent))
                .flatMap(Optional::stream);
    }

    private Map<String, String> uevent() {
        Map<String, String> known = uevent;
        if (known == null) {
            known = sysfs.uevent(directory);
            uevent = known;
        }
        return known;
    }

    private UdevRecord udevRecord() {
        UdevRecord known = udevRecord;
        if (known == null) {
            known = sysfs.udevRecord(udevId());
            udevRecord = known;
        }
        return known;
    }

    /// The name of its record in udevd's database.
    private String udevId() {
        String major = uevent().get("MAJOR");
        String minor = uevent().get("MINOR");
        if (major != null && minor != null) {
            return (subsystem().equals("block") ? "b" : "c") + major + ":" + minor;
        }
        String interfaceIndex = uevent().get("IFINDEX");
        if (interfaceIndex != null) {
            return "n" + interfaceIndex;
        }
        return "+" + subsystem() + ":" + fileName();
    }

    private String fileName() {
        return String.valueOf(directory.getFileName());
    }
}
