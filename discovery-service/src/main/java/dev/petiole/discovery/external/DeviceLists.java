package dev.petiole.discovery.external;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.DiscoveredDevice.DeviceNode;
import dev.petiole.discovery.handler.DiscoveredDevice.Mount;
import dev.petiole.proto.akri.Device;
import dev.petiole.proto.akri.DeviceSpec;
import dev.petiole.proto.akri.DiscoverResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads a handler's lists of devices, and refuses a list that could not be carried on: as a whole, since one
/// device that is left out would count as gone.
final class DeviceLists {

    private static final int MAX_IDENTITY = 1_024;
    private static final int MAX_PROPERTIES = 32_768;
    private static final int MAX_PATHS = 64;
    private static final int MAX_PATH = 1_024;
    private static final Pattern VARIABLE = Pattern.compile("[^=\\x00-\\x20\\x7f]{1,253}");
    private static final Pattern PERMISSIONS = Pattern.compile("[rwm]{1,3}");
    private static final String ALL_PERMISSIONS = "rwm";

    private final int maxDevices;

    DeviceLists(int maxDevices) {
        this.maxDevices = maxDevices;
    }

    /// @throws MisbehavingHandler saying what is wrong with the list
    List<DiscoveredDevice> read(DiscoverResponse list) {
        if (list.getDevicesCount() > maxDevices) {
            throw new MisbehavingHandler(
                    "lists " + list.getDevicesCount() + " devices (expected: at most " + maxDevices + ")");
        }
        List<DiscoveredDevice> devices = new ArrayList<>();
        Set<String> identities = new HashSet<>();
        for (int i = 0; i < list.getDevicesCount(); i++) {
            Device device = list.getDevices(i);
            String path = "devices[" + i + "]";
            demand(
                    !device.getId().isBlank() && device.getId().length() <= MAX_IDENTITY,
                    path + ".id",
                    "1 to " + MAX_IDENTITY + " characters");
            // Akri's agent takes the same device twice; so do we, once.
            if (identities.add(device.getId())) {
                devices.add(device(path, device));
            }
        }
        return List.copyOf(devices);
    }

    private static DiscoveredDevice device(String path, Device device) {
        check(path + ".properties", device.getPropertiesMap());
        demand(
                device.getMountsCount() <= MAX_PATHS && device.getDeviceSpecsCount() <= MAX_PATHS,
                path,
                "at most " + MAX_PATHS + " mounts and device_specs each");
        List<Mount> mounts = new ArrayList<>();
        for (dev.petiole.proto.akri.Mount mount : device.getMountsList()) {
            mounts.add(new Mount(
                    path(path + ".mounts.container_path", mount.getContainerPath()),
                    path(path + ".mounts.host_path", orElse(mount.getHostPath(), mount.getContainerPath())),
                    mount.getReadOnly()));
        }
        List<DeviceNode> nodes = new ArrayList<>();
        for (DeviceSpec spec : device.getDeviceSpecsList()) {
            String permissions = orElse(spec.getPermissions(), ALL_PERMISSIONS);
            demand(PERMISSIONS.matcher(permissions).matches(), path + ".device_specs.permissions", "any of r, w and m");
            nodes.add(new DeviceNode(
                    path(path + ".device_specs.container_path", spec.getContainerPath()),
                    path(path + ".device_specs.host_path", orElse(spec.getHostPath(), spec.getContainerPath())),
                    permissions));
        }
        return new DiscoveredDevice(device.getId(), device.getPropertiesMap(), mounts, nodes);
    }

    private static void check(String field, Map<String, String> properties) {
        int size = 0;
        for (Map.Entry<String, String> property : properties.entrySet()) {
            size += property.getKey().length() + property.getValue().length();
            demand(
                    VARIABLE.matcher(property.getKey()).matches()
                            && property.getValue().indexOf('\0') < 0,
                    field,
                    "names and values that can be environment variables");
        }
        demand(size <= MAX_PROPERTIES, field, "at most " + MAX_PROPERTIES + " characters together");
    }

    private static String path(String field, String path) {
        boolean isPlain = path.startsWith("/")
                && path.length() <= MAX_PATH
                && path.indexOf('\0') < 0
                && !(path + "/").contains("/../");
        demand(isPlain, field, "an absolute path without '..'");
        return path;
    }

    private static String orElse(String text, String instead) {
        return text.isEmpty() ? instead : text;
    }

    private static void demand(boolean isRight, String field, String expected) {
        if (!isRight) {
            throw new MisbehavingHandler("sends a wrong " + field + " (expected: " + expected + ")");
        }
    }
}
