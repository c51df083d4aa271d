package dev.petiole.discovery.dialect;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.discovery.handler.DiscoveredDevice;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `akri.sh`: resources are named without a namespace, which the node's Configurations tell: a name is had
/// only once.
final class AkriDialect implements Dialect {

    static final AkriDialect INSTANCE = new AkriDialect();

    private static final String DOMAIN = ConfigurationKey.AKRI + "/";
    private static final String HASH = "-[0-9a-f]{6}";
    private static final Pattern DEVICE = Pattern.compile("(.+)" + HASH);
    private static final Pattern SLOT_OF_CONFIGURATION = Pattern.compile("((.+)" + HASH + ")\\.[0-9]{1,4}");

    // Also the ids that Akri itself gives: `<device>-<slot>`, and `<configuration>-<n>` for any of its devices.
    private static final Pattern NUMBERED = Pattern.compile("(.+)-[0-9]{1,11}");

    private AkriDialect() {}

    @Override
    public String resource(DeviceRef device) {
        return DOMAIN + device.name();
    }

    @Override
    public String resource(ConfigurationKey configuration) {
        return DOMAIN + configuration.name();
    }

    @Override
    public Optional<DeviceRef> findDevice(String resource, String id, Known known) {
        if (!needsConfigurations(resource)) {
            return Optional.empty();
        }
        Optional<DeviceRef> held = known.findHeld(resource, id);
        return held.isPresent() ? held : findNamed(resource.substring(DOMAIN.length()), id, known);
    }

    @Override
    public boolean needsConfigurations(String resource) {
        return resource.startsWith(DOMAIN);
    }

    /// What Akri's handlers call the device, which is where it is found.
    @Override
    public String identity(DiscoveredDevice device) {
        return device.locator();
    }

    @Override
    public String namespaceOfReference(@Nullable String given, ConfigurationKey configuration) {
        return given == null || given.isEmpty() ? "default" : given;
    }

    private static Optional<DeviceRef> findNamed(String name, String id, Known known) {
        Matcher ofConfiguration = SLOT_OF_CONFIGURATION.matcher(id);
        if (ofConfiguration.matches() && ofConfiguration.group(2).equals(name)) {
            return device(name, ofConfiguration.group(1), known);
        }
        Matcher numbered = NUMBERED.matcher(id);
        if (!numbered.matches() || !numbered.group(1).equals(name)) {
            return Optional.empty();
        }
        Matcher device = DEVICE.matcher(name);
        return device.matches() ? device(device.group(1), name, known) : Optional.empty();
    }

    private static Optional<DeviceRef> device(String configuration, String device, Known known) {
        return known.findNamespace(ConfigurationKey.AKRI, configuration)
                .map(namespace -> new DeviceRef(ConfigurationKey.AKRI, namespace, device));
    }
}
