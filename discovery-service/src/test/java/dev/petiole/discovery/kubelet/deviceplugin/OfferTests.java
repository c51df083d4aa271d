package dev.petiole.discovery.kubelet.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationSpec.DeviceResources;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.discovery.allocation.Claim;
import dev.petiole.discovery.inventory.ExposedDevice;
import dev.petiole.discovery.inventory.KubeletNames;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Which extended resources a kubelet is offered.
class OfferTests {

    private static final ConfigurationKey SCALES = ConfigurationKey.of("shop", "scales");
    private static final ConfigurationKey LAMPS = ConfigurationKey.of("shop", "lamps");
    private static final String ANY_SCALE = "shop.petiole.dev/scales";
    private static final String ANY_LAMP = "shop.petiole.dev/lamps";
    private static final int PLENTY = 500;

    @Test
    void oneForEachDeviceAndOneForAnyOfTheConfiguration() {
        Offer offer = offer(List.of(scale(1), scale(2)), List.of(), Set.of(), PLENTY);

        assertThat(offer.resources()).containsOnlyKeys(own(scale(1)), own(scale(2)), ANY_SCALE);
        assertThat(offer.resources().get(ANY_SCALE).isHealthyById()).hasSize(2);
        assertThat(offer.withoutOwn()).isEmpty();
    }

    @Test
    void aConfigurationMayDoWithoutResourcesOfSingleDevices() {
        Offer offer = offer(List.of(lamp(1), lamp(2), scale(1)), List.of(), Set.of(), PLENTY);

        assertThat(offer.resources()).containsOnlyKeys(ANY_LAMP, ANY_SCALE, own(scale(1)));
        assertThat(offer.resources().get(ANY_LAMP).isHealthyById()).hasSize(2);
        assertThat(offer.withoutOwn()).isEmpty();
    }

    @Test
    void beyondTheLimitDevicesCanBeHadByTheirConfigurationAlone() {
        Offer offer = offer(List.of(scale(1), scale(2), scale(3), lamp(1)), List.of(), Set.of(), 2);

        assertThat(offer.resources()).containsOnlyKeys(own(scale(1)), own(scale(2)), ANY_SCALE, ANY_LAMP);
        assertThat(offer.resources().get(ANY_SCALE).isHealthyById()).hasSize(3);
        assertThat(offer.withoutOwn()).isEqualTo(Map.of(SCALES, 1));
    }

    @Test
    void oneMoreDeviceTakesNothingFromAnother() {
        Offer offer = offer(List.of(scale(1), scale(2), scale(3)), List.of(), Set.of(own(scale(2)), own(scale(3))), 2);

        assertThat(offer.resources()).containsOnlyKeys(own(scale(2)), own(scale(3)), ANY_SCALE);
    }

    /// After a restart nothing is offered yet, and what a Pod has must be.
    @Test
    void whatIsInUseComesFirst() {
        var held = new Claim(
                new Claim.Key(scale(3).ref(), own(scale(3)), KubeletNames.idInDevice(scale(3).ref(), 0)), null);

        Offer offer = offer(List.of(scale(1), scale(2), scale(3)), List.of(held), Set.of(own(scale(1))), 1);

        assertThat(offer.resources()).containsOnlyKeys(own(scale(3)), ANY_SCALE);
        assertThat(offer.withoutOwn()).isEqualTo(Map.of(SCALES, 2));
    }

    private static Offer offer(List<ExposedDevice> devices, List<Claim> claims, Set<String> now, int limit) {
        return Offer.of(devices, new SlotHealth.NodeClaims("node1", claims), now, limit);
    }

    private static ExposedDevice scale(int number) {
        return device(SCALES, number, DeviceResources.PER_DEVICE);
    }

    private static ExposedDevice lamp(int number) {
        return device(LAMPS, number, DeviceResources.CONFIGURATION_ONLY);
    }

    private static String own(ExposedDevice device) {
        return KubeletNames.resource(device.ref());
    }

    private static ExposedDevice device(ConfigurationKey configuration, int number, DeviceResources resources) {
        var ref = new DeviceRef(configuration.group(), "shop", configuration.name() + "-aaaaaaaaa" + number);
        ConfigurationSpec spec = ConfigurationSpec.of(new DiscoveryHandlerSpec("opcua", null, null), 1)
                .withDeviceResources(resources);
        return new ExposedDevice(ref, configuration, 1, false, true, List.of(), null, spec);
    }
}
