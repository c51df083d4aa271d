package dev.petiole.scheduler.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.device.Device;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DialectTests {

    private final Dialect petiole = Dialect.PETIOLE;

    /// Computed by another implementation: the first five base32 characters of BLAKE2b-256 of the node's name.
    @Test
    void podsAreNamedAfterTheirDeviceAndTheHashOfTheirNode() {
        assertThat(petiole.podName(device("scales-aaaaaaaaaa"), "node1")).isEqualTo("scales-aaaaaaaaaa-gcy4e");
        assertThat(petiole.podName(device("scales-aaaaaaaaaa"), "node2")).isEqualTo("scales-aaaaaaaaaa-y2fgq");
        assertThat(petiole.podName(device("scales-aaaaaaaaaa"), "node3")).isEqualTo("scales-aaaaaaaaaa-wdjai");
    }

    @Test
    void resourcesOfEqualNamesInTwoNamespacesDiffer() {
        assertThat(petiole.resource("shop", "scales")).isEqualTo("shop.petiole.dev/scales");
        assertThat(petiole.resource("yard", "scales")).isEqualTo("yard.petiole.dev/scales");
    }

    /// Kubernetes' own limit for the names of Services and of the labels of a Job's Pods.
    @Test
    void namesMadeFromTheLongestConfigurationNameAreLabels() {
        String device = "a".repeat(40) + "-aaaaaaaaaa";

        assertThat(petiole.serviceName(device)).hasSizeLessThanOrEqualTo(63);
        assertThat(petiole.podName(device(device), "node1")).hasSizeLessThanOrEqualTo(63);
        assertThat(petiole.jobName(device, 9_999_999)).hasSizeLessThanOrEqualTo(63);
    }

    private static Device device(String name) {
        return new Device(
                name,
                ConfigurationKey.of("shop", "scales"),
                "uid",
                "opcua",
                "identity",
                true,
                1,
                Map.of(),
                Device.Admission.APPROVED,
                Device.Presence.ONLINE,
                Instant.EPOCH,
                List.of(),
                List.of(),
                "1");
    }
}
