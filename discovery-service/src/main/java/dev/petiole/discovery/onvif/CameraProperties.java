package dev.petiole.discovery.onvif;

import dev.petiole.discovery.onvif.DeviceFacts.NetworkPort;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a container is told of a device: Akri's four properties, and more.
final class CameraProperties {

    private CameraProperties() {}

    static Map<String, String> of(Announcement announcement, Inspection.Read read) {
        var properties = new TreeMap<String, String>();
        var scopes = new Scopes(announcement.scopes());
        DeviceFacts facts = read.facts();
        put(properties, "ONVIF_DEVICE_SERVICE_URL", read.at().url().toString());
        put(properties, "ONVIF_DEVICE_UUID", announcement.uuid());
        put(properties, "ONVIF_DEVICE_IP_ADDRESS", ServiceAddress.text(read.at().address()));
        put(properties, "ONVIF_DEVICE_MAC_ADDRESS", ownMacAddress(announcement, read));
        put(properties, "ONVIF_DEVICE_MANUFACTURER", facts.identification().manufacturer());
        put(properties, "ONVIF_DEVICE_MODEL", facts.identification().model());
        put(properties, "ONVIF_DEVICE_FIRMWARE_VERSION", facts.identification().firmwareVersion());
        put(
                properties,
                "ONVIF_DEVICE_SERIAL_NUMBER",
                facts.identification().serialNumber().isEmpty()
                        ? scopes.findSerialNumber().orElse("")
                        : facts.identification().serialNumber());
        put(properties, "ONVIF_DEVICE_HARDWARE_ID", facts.identification().hardwareId());
        put(properties, "ONVIF_DEVICE_NAME", scopes.findName().orElse(""));
        put(properties, "ONVIF_DEVICE_LOCATION", scopes.findLocation().orElse(""));
        put(properties, "ONVIF_DEVICE_HARDWARE", scopes.findHardware().orElse(""));
        put(properties, "ONVIF_STREAM_URIS", String.join(" ", facts.streams()));
        return properties;
    }

    /// @return all that are known; empty if none is
    static List<String> macAddresses(Announcement announcement, Inspection.Read read) {
        Set<String> all = new LinkedHashSet<>();
        read.facts().ports().forEach(port -> all.add(port.macAddress()));
        all.addAll(new Scopes(announcement.scopes()).macAddresses());
        return List.copyOf(all);
    }

    /// The one of the network interface at whose address the device answers.
    private static String ownMacAddress(Announcement announcement, Inspection.Read read) {
        String address = ServiceAddress.text(read.at().address());
        return read.facts().ports().stream()
                .filter(port -> port.addresses().contains(address))
                .map(NetworkPort::macAddress)
                .findFirst()
                .or(() -> macAddresses(announcement, read).stream().findFirst())
                .orElse("");
    }

    private static void put(Map<String, String> properties, String name, String value) {
        if (!value.isEmpty()) {
            properties.put(name, value);
        }
    }
}
