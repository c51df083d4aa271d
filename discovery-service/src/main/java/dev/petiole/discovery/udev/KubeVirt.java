package dev.petiole.discovery.udev;

import dev.petiole.discovery.handler.DiscoveredDevice.DeviceNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What KubeVirt's launcher needs to hand a device on to a virtual machine: an environment variable named after the
/// resource, with the device's address on its bus, and the nodes of VFIO.
///
/// @param resource the resource's name as the virtual machine's manifest has it; empty if none is wanted
/// @param isVfio whether the device is driven from user space
record KubeVirt(String resource, boolean isVfio) {

    static final KubeVirt NONE = new KubeVirt("", false);

    private static final Pattern USB_NODE = Pattern.compile("/dev/bus/usb/0*(\\d+)/0*(\\d+)");
    private static final Pattern PCI_ADDRESS =
            Pattern.compile("/([0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])(?=/|$)");
    private static final String VFIO = "/dev/vfio/";
    private static final String VFIO_PERMISSIONS = "rwm";

    /// Reads the discovery properties `devicePluginResourceName` and `vfioPassthrough`, which are Akri's.
    static KubeVirt of(Map<String, String> properties) {
        return new KubeVirt(
                properties.getOrDefault("devicePluginResourceName", "").strip(),
                properties.getOrDefault("vfioPassthrough", "").strip().equalsIgnoreCase("true"));
    }

    /// @param nodes the device's nodes, in their order
    /// @param isGrouped whether they are numbered
    Map<String, String> properties(SysfsDevice device, List<String> nodes, boolean isGrouped) {
        var properties = new LinkedHashMap<String, String>();
        if (resource.isEmpty()) {
            return properties;
        }
        String name = resource.toUpperCase(Locale.ROOT).replaceAll("[./]", "_");
        for (int i = 0; i < nodes.size(); i++) {
            Matcher usb = USB_NODE.matcher(nodes.get(i));
            if (usb.matches()) {
                properties.put("USB_RESOURCE_" + name + (isGrouped ? "_" + i : ""), usb.group(1) + ":" + usb.group(2));
            }
        }
        if (properties.isEmpty() && !isUsb(device)) {
            findPciAddress(device).ifPresent(address -> properties.put("PCI_RESOURCE_" + name, address));
        }
        return properties;
    }

    /// The group that the device's IOMMU knows it by, and VFIO's own; none if it is not in any.
    List<DeviceNode> deviceNodes(SysfsDevice device) {
        var nodes = new ArrayList<DeviceNode>();
        if (isVfio) {
            device.selfAndAncestors()
                    .map(SysfsDevice::iommuGroup)
                    .filter(group -> !group.isEmpty())
                    .findFirst()
                    .ifPresent(group -> {
                        nodes.add(new DeviceNode(VFIO + group, VFIO + group, VFIO_PERMISSIONS));
                        nodes.add(new DeviceNode(VFIO + "vfio", VFIO + "vfio", VFIO_PERMISSIONS));
                    });
        }
        return nodes;
    }

    private static boolean isUsb(SysfsDevice device) {
        return device.selfAndAncestors()
                .anyMatch(candidate -> candidate.subsystem().equals("usb"));
    }

    private static Optional<String> findPciAddress(SysfsDevice device) {
        Matcher addresses = PCI_ADDRESS.matcher(device.devpath());
        Optional<String> last = Optional.empty();
        while (addresses.find()) {
            last = Optional.of(addresses.group(1));
        }
        return last;
    }
}
