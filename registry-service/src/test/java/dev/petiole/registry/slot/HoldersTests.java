package dev.petiole.registry.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.registry.device.DeviceKey;
import dev.petiole.registry.slot.Claim.Key;
import dev.petiole.registry.slot.Claim.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldersTests {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final DeviceKey DEVICE = new DeviceKey("petiole.dev", "default", "scales-umu3s6fruz");

    /// Invariant 1, whatever the order of grants, repetitions, releases and changes of capacity.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void noMoreIsGrantedThanThereIsRoomFor(long seed) {
        var random = new Random(seed);
        List<Claim> claims = new ArrayList<>();
        int capacity = 1 + random.nextInt(8);
        for (int step = 0; step < 2_000; step++) {
            int before = claims.size();
            switch (random.nextInt(10)) {
                case 0 -> capacity = 1 + random.nextInt(8);
                case 1, 2, 3 -> removeAny(claims, random);
                default -> grant(claims, key(random.nextInt(20)), capacity);
            }
            assertThat(claims.size()).isLessThanOrEqualTo(Math.max(before, capacity));
            Set<Integer> slots = claims.stream().map(Claim::slot).collect(Collectors.toSet());
            assertThat(slots).hasSameSizeAs(claims);
        }
    }

    @Test
    void afterTheCapacityWasLoweredHoldersStayAndNothingIsGrantedUntilThereIsRoom() {
        List<Claim> three = List.of(claim(0), claim(1), claim(2));

        assertThat(new Holders(three).findFree(2)).isEmpty();
        assertThat(new Holders(three.subList(1, 3)).findFree(2)).isEmpty();
        assertThat(new Holders(three.subList(2, 3)).findFree(2)).hasValue(0);
    }

    @Test
    void aUseNobodyGrantedTakesASlotBeyondTheCapacityIfItMust() {
        assertThat(new Holders(List.of(claim(0))).lowestUnused()).isEqualTo(1);
    }

    private static void grant(List<Claim> claims, Key key, int capacity) {
        var holders = new Holders(claims);
        if (holders.find(key).isPresent()) {
            return;
        }
        OptionalInt free = holders.findFree(capacity);
        if (free.isPresent()) {
            assertThat(free.getAsInt()).isBetween(0, capacity - 1);
            claims.add(Claim.of(key, free.getAsInt(), User.UNTOLD, NOW, Claim.Asked.NEVER));
        } else {
            assertThat(claims.size()).isGreaterThanOrEqualTo(capacity);
        }
    }

    private static void removeAny(List<Claim> claims, Random random) {
        if (!claims.isEmpty()) {
            claims.remove(random.nextInt(claims.size()));
        }
    }

    private static Claim claim(int slot) {
        return Claim.of(key(slot), slot, User.UNTOLD, NOW, Claim.Asked.NEVER);
    }

    private static Key key(int number) {
        return new Key(DEVICE, "n" + number % 3, "default.petiole.dev/scales", "scales-" + number);
    }
}
