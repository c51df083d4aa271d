package dev.petiole.discovery.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationKey;
import org.junit.jupiter.api.Test;

class KubeletNamesTests {

    private static final ConfigurationKey SCALES = ConfigurationKey.of("shop", "scales");
    private static final DeviceRef DEVICE = new DeviceRef("petiole.dev", "shop", "scales-abcdefghij");

    @Test
    void tellTheDeviceByTheDevicesResource() {
        assertThat(KubeletNames.resource(DEVICE)).isEqualTo("shop.petiole.dev/scales-abcdefghij");
        assertThat(KubeletNames.findDevice(KubeletNames.resource(DEVICE), KubeletNames.idInDevice(DEVICE, 12)))
                .contains(DEVICE);
    }

    @Test
    void tellTheDeviceByTheConfigurationsResource() {
        assertThat(KubeletNames.resource(SCALES)).isEqualTo("shop.petiole.dev/scales");
        assertThat(KubeletNames.findDevice(KubeletNames.resource(SCALES), KubeletNames.idInConfiguration(DEVICE, 3)))
                .contains(DEVICE);
    }

    @Test
    void areNotSeenInOthersResources() {
        assertThat(KubeletNames.findDevice("nvidia.com/gpu", "GPU-0")).isEmpty();
        assertThat(KubeletNames.findDevice("shop.petiole.dev/scales-abcdefghij", "other-abcdefghij-0"))
                .isEmpty();
        assertThat(KubeletNames.findDevice("shop.petiole.dev/scales", "other-abcdefghij.0"))
                .isEmpty();
        assertThat(KubeletNames.findDevice(".petiole.dev/scales", "scales-0")).isEmpty();
    }
}
