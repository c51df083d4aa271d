package dev.petiole.discovery.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.DiscoveredDevice.DeviceNode;
import dev.petiole.discovery.handler.DiscoveredDevice.Mount;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContainerDevicesTests {

    @Test
    void givesEachPropertyPlainAndWithTheDevicesHash() {
        var device = new SeenDevice("AAAAAAAAAA", DiscoveredDevice.of("a", Map.of("URL", "u")), Map.of());

        assertThat(ContainerDevices.of(List.of(device)).environment())
                .containsOnly(Map.entry("URL", "u"), Map.entry("URL_AAAAAAAAAA", "u"));
    }

    @Test
    void theConfigurationsPropertiesWin() {
        var device = new SeenDevice(
                "AAAAAAAAAA", DiscoveredDevice.of("a", Map.of("URL", "u")), Map.of("URL", "v", "W", "1"));

        assertThat(ContainerDevices.of(List.of(device)).environment())
                .containsEntry("URL", "v")
                .containsEntry("URL_AAAAAAAAAA", "v")
                .containsEntry("W", "1")
                .containsEntry("W_AAAAAAAAAA", "1");
    }

    @Test
    void severalDevicesMerge() {
        var a = new SeenDevice(
                "A",
                new DiscoveredDevice(
                        "a",
                        Map.of("URL", "a"),
                        List.of(new Mount("/data", "/a", true)),
                        List.of(new DeviceNode("/dev/a", "/dev/a", "rw"))),
                Map.of());
        var b = new SeenDevice(
                "B",
                new DiscoveredDevice(
                        "b", Map.of("URL", "b"), List.of(), List.of(new DeviceNode("/dev/b", "/dev/b", "r"))),
                Map.of());

        ContainerDevices merged = ContainerDevices.of(List.of(a, b, a));

        assertThat(merged.environment()).isEqualTo(Map.of("URL", "a", "URL_A", "a", "URL_B", "b"));
        assertThat(merged.mounts()).containsExactly(new Mount("/data", "/a", true));
        assertThat(merged.deviceNodes())
                .containsExactly(new DeviceNode("/dev/a", "/dev/a", "rw"), new DeviceNode("/dev/b", "/dev/b", "r"));
    }
}
