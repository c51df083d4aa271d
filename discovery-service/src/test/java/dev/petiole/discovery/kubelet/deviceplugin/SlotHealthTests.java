package dev.petiole.discovery.kubelet.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.DiscoveryHandlerSpec;
import dev.petiole.api.device.Slot;
import dev.petiole.discovery.allocation.Claim;
import dev.petiole.discovery.inventory.ExposedDevice;
import dev.petiole.discovery.inventory.KubeletNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotHealthTests {

    private static final ConfigurationSpec SPEC =
            ConfigurationSpec.of(new DiscoveryHandlerSpec("opcua", null, null), 1);
    private static final DeviceRef DEVICE = new DeviceRef("petiole.dev", "shop", "scales-abcdefghij");
    private static final ConfigurationKey SCALES = ConfigurationKey.of("shop", "scales");
    private static final String RESOURCE = KubeletNames.resource(DEVICE);
    private static final String ANY = KubeletNames.resource(SCALES);

    @Test
    void allSlotsOfAFreeDeviceAreHealthy() {
        assertThat(health(device(2, true), List.of())).isEqualTo(Map.of(id(0), true, id(1), true));
    }

    @Test
    void asManyAreUnhealthyAsAreHeldElsewhere() {
        assertThat(health(device(3, true, elsewhere(0), elsewhere(1)), List.of()))
                .isEqualTo(Map.of(id(0), true, id(1), false, id(2), false));
    }

    /// During grace a device's users stay, and nobody new gets it.
    @Test
    void onlyWhatThisNodeHoldsIsHealthyWhileTheDeviceIsMissing() {
        assertThat(health(device(2, false), List.of(claim(RESOURCE, id(1)))))
                .isEqualTo(Map.of(id(0), false, id(1), true));
    }

    @Test
    void aSlotHeldByTheConfigurationsResourceIsNotFreeInTheDevices() {
        var claims = List.of(claim(ANY, KubeletNames.idInConfiguration(DEVICE, 0)));

        assertThat(health(device(1, true), claims)).isEqualTo(Map.of(id(0), false));
    }

    /// The registry's view of our own claims may lag behind, or be ahead.
    @Test
    void aClaimThatBothSidesKnowCountsOnce() {
        var device = device(2, true, new Slot(0, "node1", RESOURCE, id(1), null, null, null, Instant.EPOCH));

        assertThat(health(device, List.of(claim(RESOURCE, id(1))))).isEqualTo(Map.of(id(0), true, id(1), true));
        assertThat(health(device, List.of())).isEqualTo(Map.of(id(0), true, id(1), true));
    }

    @Test
    void aHeldSlotOutlivesALowerCapacity() {
        assertThat(health(device(1, true), List.of(claim(RESOURCE, id(4)))))
                .isEqualTo(Map.of(id(0), false, id(4), true));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void neverPromisesMoreThanThereIs(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            int capacity = random.nextInt(1, 9);
            var slots = new ArrayList<Slot>();
            var claims = new ArrayList<Claim>();
            int elsewhere = 0;
            int here = 0;
            int otherwise = 0;
            for (int slot = 0; slot < capacity; slot++) {
                switch (random.nextInt(4)) {
                    case 0 -> slots.add(elsewhere(elsewhere++));
                    case 1 -> {
                        claims.add(claim(RESOURCE, id(slot)));
                        here++;
                    }
                    case 2 -> {
                        String id = KubeletNames.idInConfiguration(DEVICE, slot);
                        claims.add(claim(ANY, id));
                        slots.add(new Slot(slot, "node1", ANY, id, null, null, null, Instant.EPOCH));
                        otherwise++;
                    }
                    default -> {
                        // Free.
                    }
                }
            }
            boolean isGrantable = random.nextBoolean();

            Map<String, Boolean> health = health(device(capacity, isGrantable, slots.toArray(Slot[]::new)), claims);

            long healthy =
                    health.values().stream().filter(isHealthy -> isHealthy).count();
            assertThat(health).as("seed %d round %d", seed, round).hasSize(capacity);
            assertThat(healthy)
                    .as("seed %d round %d: %s", seed, round, health)
                    .isEqualTo(isGrantable ? capacity - elsewhere - otherwise : here);
            claims.stream()
                    .filter(claim -> claim.key().resource().equals(RESOURCE))
                    .forEach(claim ->
                            assertThat(health).containsEntry(claim.key().kubeletDeviceId(), true));
        }
    }

    /// The registry may not have heard yet that this node has freed it.
    @Test
    void ofALocalDeviceOnlyTheNodesOwnCountMatters() {
        var slot = new Slot(0, "node1", RESOURCE, id(0), null, null, null, Instant.EPOCH);
        var local = new ExposedDevice(DEVICE, SCALES, 1, true, true, List.of(slot), null, SPEC);

        assertThat(health(local, List.of())).containsEntry(id(0), true);
        assertThat(health(local, List.of(claim("another", "id")))).containsEntry(id(0), false);
    }

    private static Map<String, Boolean> health(ExposedDevice device, List<Claim> claims) {
        return SlotHealth.of(
                device,
                new SlotHealth.NodeClaims("node1", claims),
                RESOURCE,
                slot -> KubeletNames.idInDevice(DEVICE, slot));
    }

    private static ExposedDevice device(int capacity, boolean isGrantable, Slot... slots) {
        return new ExposedDevice(DEVICE, SCALES, capacity, false, isGrantable, List.of(slots), null, SPEC);
    }

    private static Slot elsewhere(int index) {
        return new Slot(index, "node2", RESOURCE, id(index), null, null, null, Instant.EPOCH);
    }

    private static Claim claim(String resource, String id) {
        return new Claim(new Claim.Key(DEVICE, resource, id), null);
    }

    private static String id(int slot) {
        return KubeletNames.idInDevice(DEVICE, slot);
    }
}
