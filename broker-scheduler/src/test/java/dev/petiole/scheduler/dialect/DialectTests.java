package dev.petiole.scheduler.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DialectTests {

    private final Dialect petiole = Dialect.PETIOLE;

    /// Computed by another implementation: the first five base32 characters of BLAKE2b-256 of the node's name.
    @Test
    void podsAreNamedAfterTheirDeviceAndTheHashOfTheirNode() {
        assertThat(petiole.podName("scales-aaaaaaaaaa", "node1")).isEqualTo("scales-aaaaaaaaaa-gcy4e");
        assertThat(petiole.podName("scales-aaaaaaaaaa", "node2")).isEqualTo("scales-aaaaaaaaaa-y2fgq");
        assertThat(petiole.podName("scales-aaaaaaaaaa", "node3")).isEqualTo("scales-aaaaaaaaaa-wdjai");
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
        assertThat(petiole.podName(device, "node1")).hasSizeLessThanOrEqualTo(63);
        assertThat(petiole.jobName(device, 9_999_999)).hasSizeLessThanOrEqualTo(63);
    }
}
