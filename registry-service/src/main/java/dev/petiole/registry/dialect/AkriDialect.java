package dev.petiole.registry.dialect;

import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationSpec.AdmissionMode;
import dev.petiole.api.configuration.ConfigurationSpec.DeviceResources;
import dev.petiole.api.configuration.ConfigurationSpec.Exposure;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `akri.sh`: names as Akri makes them, byte for byte. Its hash has 24 bits and mixes the node into the
/// identity without a border, so that collisions are to be expected; the registry finds them.
final class AkriDialect implements Dialect {

    static final AkriDialect INSTANCE = new AkriDialect();

    private static final int DIGEST_BYTES = 3;
    private static final Set<String> BROKERS = Set.of("brokerPodSpec", "brokerJobSpec");
    private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

    // With the hash it is the name of an extended resource and the value of a label, which have at most 63.
    private static final int MAX_NAME_LENGTH = 56;

    private AkriDialect() {}

    @Override
    public Optional<String> findFault(String name) {
        return name.length() <= MAX_NAME_LENGTH && SUBDOMAIN.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("must have at most 56 lower-case letters, digits, '-' and '.': the devices' resources,"
                        + " akri.sh/<name>-<hash>, are named after it");
    }

    @Override
    public Optional<String> findForeignField(ConfigurationSpec spec) {
        Map<String, Object> broker = Objects.requireNonNullElse(spec.brokerSpec(), Map.of());
        Optional<String> kind = broker.keySet().stream()
                .filter(key -> !BROKERS.contains(key))
                .sorted()
                .findFirst();
        if (kind.isPresent()) {
            return kind.map(key -> "brokerSpec." + key);
        }
        if (!spec.gracePeriod().equals(ConfigurationSpec.DEFAULT_GRACE_PERIOD)) {
            return Optional.of("gracePeriod");
        }
        if (!spec.nodeSelector().isEmpty()) {
            return Optional.of("nodeSelector");
        }
        if (spec.admission() != AdmissionMode.AUTOMATIC) {
            return Optional.of("admission");
        }
        if (!spec.admissionRules().isEmpty()) {
            return Optional.of("admissionRules");
        }
        if (spec.consumers() != null) {
            return Optional.of("consumers");
        }
        if (spec.deviceResources() != DeviceResources.PER_DEVICE) {
            return Optional.of("deviceResources");
        }
        return spec.exposure() == Exposure.DEVICE_PLUGIN ? Optional.empty() : Optional.of("exposure");
    }

    @Override
    public String referenceNamespace(String namespace) {
        return "default";
    }

    @Override
    public boolean isNameForWholeCluster() {
        return true;
    }

    @Override
    public boolean isDeviceOf(String configuration, String device) {
        return device.length() == configuration.length() + 1 + 2 * DIGEST_BYTES
                && device.startsWith(configuration + "-");
    }

    @Override
    public String deviceName(String configuration, String handler, String identity, @Nullable String node) {
        String hashed = node == null ? identity : identity + node;
        byte[] digest = Blake2b.digest(hashed.getBytes(StandardCharsets.UTF_8), DIGEST_BYTES);
        return configuration + "-" + HexFormat.of().formatHex(digest);
    }
}
