package dev.petiole.discovery.inventory;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationKey;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names by which the kubelet knows our devices: extended resources, and the ids of what can be allocated of them.
/// From a resource and an id alone the device can be told.
public final class KubeletNames {

    private static final String DOMAIN = ".petiole.dev/";
    private static final Pattern SLOT_OF_DEVICE = Pattern.compile("(.+)-([0-9]{1,4})");
    private static final Pattern SLOT_OF_CONFIGURATION = Pattern.compile("(.+)\\.([0-9]{1,4})");

    private KubeletNames() {}

    /// The resource that stands for this very device.
    public static String resource(DeviceRef device) {
        return device.namespace() + DOMAIN + device.name();
    }

    /// The resource that stands for any device of a Configuration.
    public static String resource(ConfigurationKey configuration) {
        return configuration.namespace() + DOMAIN + configuration.name();
    }

    /// The id of a slot in the resource of its device.
    public static String idInDevice(DeviceRef device, int slot) {
        return device.name() + "-" + slot;
    }

    /// The id of a slot in the resource of its Configuration.
    public static String idInConfiguration(DeviceRef device, int slot) {
        return device.name() + "." + slot;
    }

    /// @return the device that the kubelet means; empty if these are not names of ours
    public static Optional<DeviceRef> findDevice(String resource, String id) {
        int domain = resource.indexOf(DOMAIN);
        if (domain <= 0) {
            return Optional.empty();
        }
        String namespace = resource.substring(0, domain);
        String name = resource.substring(domain + DOMAIN.length());
        Matcher ofConfiguration = SLOT_OF_CONFIGURATION.matcher(id);
        if (ofConfiguration.matches()) {
            String device = ofConfiguration.group(1);
            return device.startsWith(name + "-") ? Optional.of(petiole(namespace, device)) : Optional.empty();
        }
        Matcher ofDevice = SLOT_OF_DEVICE.matcher(id);
        return ofDevice.matches() && ofDevice.group(1).equals(name)
                ? Optional.of(petiole(namespace, name))
                : Optional.empty();
    }

    private static DeviceRef petiole(String namespace, String device) {
        return new DeviceRef(ConfigurationKey.PETIOLE, namespace, device);
    }
}
