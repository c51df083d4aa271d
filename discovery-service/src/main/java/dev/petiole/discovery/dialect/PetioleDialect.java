package dev.petiole.discovery.dialect;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.discovery.handler.DiscoveredDevice;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `petiole.dev`: a resource and an id alone tell the device.
final class PetioleDialect implements Dialect {

    static final PetioleDialect INSTANCE = new PetioleDialect();

    private static final String DOMAIN = "." + ConfigurationKey.PETIOLE + "/";
    private static final Pattern SLOT_OF_DEVICE = Pattern.compile("(.+)-([0-9]{1,4})");
    private static final Pattern SLOT_OF_CONFIGURATION = Pattern.compile("(.+)\\.([0-9]{1,4})");

    private PetioleDialect() {}

    @Override
    public String resource(DeviceRef device) {
        return device.namespace() + DOMAIN + device.name();
    }

    @Override
    public String resource(ConfigurationKey configuration) {
        return configuration.namespace() + DOMAIN + configuration.name();
    }

    @Override
    public Optional<DeviceRef> findDevice(String resource, String id, Known known) {
        int domain = resource.indexOf(DOMAIN);
        if (domain <= 0) {
            return Optional.empty();
        }
        String namespace = resource.substring(0, domain);
        String name = resource.substring(domain + DOMAIN.length());
        Matcher ofConfiguration = SLOT_OF_CONFIGURATION.matcher(id);
        if (ofConfiguration.matches()) {
            String device = ofConfiguration.group(1);
            return device.startsWith(name + "-") ? Optional.of(device(namespace, device)) : Optional.empty();
        }
        Matcher ofDevice = SLOT_OF_DEVICE.matcher(id);
        return ofDevice.matches() && ofDevice.group(1).equals(name)
                ? Optional.of(device(namespace, name))
                : Optional.empty();
    }

    @Override
    public boolean needsConfigurations(String resource) {
        return false;
    }

    /// As stable as the protocol allows.
    @Override
    public String identity(DiscoveredDevice device) {
        return device.identity();
    }

    /// The Configuration's own namespace unless it says otherwise.
    @Override
    public String namespaceOfReference(@Nullable String given, ConfigurationKey configuration) {
        return given == null || given.isEmpty() ? configuration.namespace() : given;
    }

    private static DeviceRef device(String namespace, String name) {
        return new DeviceRef(ConfigurationKey.PETIOLE, namespace, name);
    }
}
