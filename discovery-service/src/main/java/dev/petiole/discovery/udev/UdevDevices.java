package dev.petiole.discovery.udev;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.DiscoveredDevice.DeviceNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How devices of the kernel become devices of a Configuration.
final class UdevDevices {

    private final UdevQuery query;

    private UdevDevices(UdevQuery query) {
        this.query = query;
    }

    static List<DiscoveredDevice> of(List<SysfsDevice> matched, UdevQuery query) {
        var result = new UdevDevices(query);
        return withUniqueIdentities(groups(usable(matched), query.isGrouped()).values().stream()
                .map(result::device)
                .toList());
    }

    /// Some makers give all their devices one serial number: those are known by where they are.
    private static List<DiscoveredDevice> withUniqueIdentities(List<DiscoveredDevice> devices) {
        Map<String, Long> counts =
                devices.stream().collect(Collectors.groupingBy(DiscoveredDevice::identity, Collectors.counting()));
        return devices.stream()
                .map(device ->
                        counts.getOrDefault(device.identity(), 0L) > 1 ? device.withIdentity(device.locator()) : device)
                .toList();
    }

    /// A device without a node stands for the nearest one above that has a node, as a camera's sensor for the camera;
    /// without any it stands for itself.
    private static TreeMap<String, SysfsDevice> usable(List<SysfsDevice> matched) {
        var usable = new TreeMap<String, SysfsDevice>();
        for (SysfsDevice device : matched) {
            SysfsDevice withNode = device.selfAndAncestors()
                    .filter(candidate -> candidate.findDevnode().isPresent())
                    .findFirst()
                    .orElse(device);
            usable.put(withNode.devpath(), withNode);
        }
        return usable;
    }

    /// By the devpath of the top-most device, which comes first.
    private static Map<String, List<SysfsDevice>> groups(TreeMap<String, SysfsDevice> devices, boolean isGrouped) {
        var groups = new LinkedHashMap<String, List<SysfsDevice>>();
        devices.forEach((devpath, device) -> {
            String top = isGrouped ? findTop(devpath, groups).orElse(devpath) : devpath;
            groups.computeIfAbsent(top, _ -> new ArrayList<>()).add(device);
        });
        return groups;
    }

    private static Optional<String> findTop(String devpath, Map<String, List<SysfsDevice>> groups) {
        // Shorter paths come first in the order, so every possible top is already there.
        for (int slash = devpath.indexOf('/', 1); slash > 0; slash = devpath.indexOf('/', slash + 1)) {
            String above = devpath.substring(0, slash);
            if (groups.containsKey(above)) {
                return Optional.of(above);
            }
        }
        return Optional.empty();
    }

    private DiscoveredDevice device(List<SysfsDevice> group) {
        SysfsDevice top = group.getFirst();
        List<String> nodes =
                group.stream().flatMap(device -> device.findDevnode().stream()).toList();
        var properties = new LinkedHashMap<String, String>();
        properties.put("UDEV_DEVPATH", top.devpath());
        for (int i = 0; i < nodes.size(); i++) {
            properties.put(query.isGrouped() ? "UDEV_DEVNODE_" + i : "UDEV_DEVNODE", nodes.get(i));
        }
        putIfKnown(properties, "UDEV_SUBSYSTEM", Optional.of(top.subsystem()));
        putIfKnown(properties, "UDEV_VENDOR", find(top, List.of("ID_VENDOR"), List.of("manufacturer", "vendor")));
        putIfKnown(properties, "UDEV_MODEL", find(top, List.of("ID_MODEL"), List.of("product", "model")));
        putIfKnown(properties, "UDEV_SERIAL", find(top, List.of("ID_SERIAL_SHORT", "ID_SERIAL"), List.of("serial")));
        query.requested().forEach(requested -> putIfKnown(properties, requested.name(), requested.findText(top)));
        properties.putAll(query.kubeVirt().properties(top, nodes, query.isGrouped()));
        Stream<DeviceNode> own = nodes.stream().map(node -> new DeviceNode(node, node, query.permissions()));
        return new DiscoveredDevice(
                StableIdentity.find(top).orElse(top.devpath()),
                top.devpath(),
                properties,
                List.of(),
                Stream.concat(own, query.kubeVirt().deviceNodes(top).stream()).toList(),
                numaNode(top).orElse(null));
    }

    /// Of the bus that it hangs on. The kernel says -1 where there is but one.
    private static Optional<Integer> numaNode(SysfsDevice device) {
        return device.selfAndAncestors()
                .flatMap(candidate -> candidate.findAttribute("numa_node").stream())
                .map(String::strip)
                .filter(text -> text.matches("[0-9]{1,4}"))
                .map(Integer::valueOf)
                .findFirst();
    }

    /// What udevd found out, else what the device says in sysfs.
    private static Optional<String> find(SysfsDevice device, List<String> udevProperties, List<String> attributes) {
        return udevProperties.stream()
                .map(device::property)
                .filter(value -> !value.isBlank())
                .findFirst()
                .or(() -> findAttribute(device, attributes));
    }

    private static Optional<String> findAttribute(SysfsDevice device, List<String> attributes) {
        return part(device).stream()
                .flatMap(candidate -> attributes.stream().flatMap(name -> candidate.findAttribute(name).stream()))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /// From the device up to the thing one can hold in hand. Above it there are only the hubs and buses it is plugged
    /// into, whose serial number is none of its.
    private static List<SysfsDevice> part(SysfsDevice device) {
        var part = new ArrayList<SysfsDevice>();
        for (SysfsDevice candidate : device.selfAndAncestors().toList()) {
            part.add(candidate);
            if (candidate.property("DEVTYPE").equals("usb_device")
                    || candidate.subsystem().equals("pci")) {
                break;
            }
        }
        return part;
    }

    private static void putIfKnown(Map<String, String> properties, String key, Optional<String> value) {
        value.filter(text -> !text.isBlank()).ifPresent(text -> properties.put(key, text));
    }
}
