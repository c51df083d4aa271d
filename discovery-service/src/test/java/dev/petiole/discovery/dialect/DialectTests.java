package dev.petiole.discovery.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.discovery.handler.DiscoveredDevice;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialectTests {

    private static final ConfigurationKey SCALES = ConfigurationKey.of("shop", "scales");
    private static final DeviceRef SCALE = new DeviceRef("petiole.dev", "shop", "scales-abcdefghij");
    private static final ConfigurationKey ECHO = new ConfigurationKey("akri.sh", "shop", "akri-debug-echo-foo");
    private static final DeviceRef FOO0 = new DeviceRef("akri.sh", "shop", "akri-debug-echo-foo-8120fe");

    private final Dialect petiole = Dialect.of("petiole.dev");
    private final Dialect akri = Dialect.of("akri.sh");
    private final KnownNames known = new KnownNames();

    @Test
    void theDevicesResourceTellsTheDevice() {
        assertThat(petiole.resource(SCALE)).isEqualTo("shop.petiole.dev/scales-abcdefghij");
        assertThat(petiole.findDevice(petiole.resource(SCALE), petiole.idInDevice(SCALE, 12), known))
                .contains(SCALE);
    }

    @Test
    void theConfigurationsResourceTellsTheDevice() {
        assertThat(petiole.resource(SCALES)).isEqualTo("shop.petiole.dev/scales");
        assertThat(petiole.findDevice(petiole.resource(SCALES), petiole.idInConfiguration(SCALE, 3), known))
                .contains(SCALE);
    }

    @ParameterizedTest
    @CsvSource({
        "nvidia.com/gpu, GPU-0",
        "shop.petiole.dev/scales-abcdefghij, other-abcdefghij-0",
        "shop.petiole.dev/scales, other-abcdefghij.0",
        ".petiole.dev/scales, scales-0",
        "akri.sh/akri-debug-echo-foo-8120fe, akri-debug-echo-foo-a19705-0",
        "akri.sh/akri-debug-echo-foo, other-8120fe.0",
        "akri.sh/akri-debug-echo-foo, akri-debug-echo-foo-8120fe-0",
        "akri.sh/unknown-8120fe, unknown-8120fe-0"
    })
    void devicesAreNotSeenInOthersResources(String resource, String id) {
        for (Dialect dialect : Dialect.ALL) {
            assertThat(dialect.findDevice(resource, id, known)).isEmpty();
        }
    }

    /// Akri's resource names have no namespace: the Configuration's is the device's.
    @Test
    void akrisResourcesTellTheDeviceToWhoeverKnowsTheConfiguration() {
        assertThat(akri.resource(FOO0)).isEqualTo("akri.sh/akri-debug-echo-foo-8120fe");
        assertThat(akri.resource(ECHO)).isEqualTo("akri.sh/akri-debug-echo-foo");
        assertThat(akri.idInDevice(FOO0, 1)).isEqualTo("akri-debug-echo-foo-8120fe-1");

        assertThat(akri.findDevice(akri.resource(FOO0), akri.idInDevice(FOO0, 1), known))
                .contains(FOO0);
        assertThat(akri.findDevice(akri.resource(ECHO), akri.idInConfiguration(FOO0, 1), known))
                .contains(FOO0);
    }

    /// Akri's ids in a Configuration's resource tell no device; `deviceUsage` did, and the registry has it from there.
    @Test
    void akrisOwnIdsAreThoseOfTheSlotsThatWereTakenOver() {
        known.held.put("akri.sh/akri-debug-echo-foo akri-debug-echo-foo-0", FOO0);

        assertThat(akri.findDevice(akri.resource(ECHO), "akri-debug-echo-foo-0", known))
                .contains(FOO0);
        assertThat(akri.findDevice(akri.resource(ECHO), "akri-debug-echo-foo-1", known))
                .isEmpty();
    }

    @Test
    void akriTellsDevicesApartByWhereTheyAre() {
        DiscoveredDevice camera = DiscoveredDevice.of("uuid", Map.of()).withLocator("http://10.0.0.7/onvif-uuid");

        assertThat(petiole.identity(camera)).isEqualTo("uuid");
        assertThat(akri.identity(camera)).isEqualTo("http://10.0.0.7/onvif-uuid");
    }

    @Test
    void akriLooksForSecretsInTheNamespaceDefault() {
        assertThat(akri.namespaceOfReference(null, ECHO)).isEqualTo("default");
        assertThat(akri.namespaceOfReference("other", ECHO)).isEqualTo("other");
        assertThat(petiole.namespaceOfReference(null, SCALES)).isEqualTo("shop");
    }

    /// A node that looks for ECHO's devices.
    private static final class KnownNames implements Dialect.Known {

        final Map<String, DeviceRef> held = new HashMap<>();

        @Override
        public Optional<DeviceRef> findHeld(String resource, String id) {
            return Optional.ofNullable(held.get(resource + " " + id));
        }

        @Override
        public Optional<String> findNamespace(String group, String configuration) {
            return group.equals(ECHO.group()) && configuration.equals(ECHO.name())
                    ? Optional.of(ECHO.namespace())
                    : Optional.empty();
        }
    }
}
