package dev.petiole.discovery.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.agent.DeviceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimTableTests {

    private static final Instant START = Instant.EPOCH;
    private static final Claim.Holder POD = new Claim.Holder("shop", "pod", "broker");

    private final ClaimTable table = new ClaimTable();

    @Test
    void twoListsThatLackAClaimFreeIt() {
        table.grant(key(0), START);

        assertThat(table.observe(at(10), Map.of())).isFalse();
        assertThat(table.contains(key(0))).isTrue();
        assertThat(table.observe(at(20), Map.of())).isTrue();
        assertThat(table.contains(key(0))).isFalse();
    }

    /// The Pod a slot was granted for may not be in the kubelet's lists yet.
    @Test
    void listsBegunTooSoonAfterTheGrantProveNothing() {
        table.grant(key(0), START);

        table.observe(at(1), Map.of());
        table.observe(at(9), Map.of());
        table.observe(at(10), Map.of());

        assertThat(table.contains(key(0))).isTrue();
    }

    @Test
    void aListWithTheClaimBeginsTheCountAnew() {
        table.grant(key(0), START);
        table.observe(at(10), Map.of());
        table.observe(at(20), Map.of(key(0), POD));

        table.observe(at(30), Map.of());

        assertThat(table.contains(key(0))).isTrue();
    }

    /// The kubelet may give an id to a new Pod before we know that the old one is gone.
    @Test
    void aRepeatedGrantBeginsTheCountAnew() {
        table.grant(key(0), START);
        table.observe(at(10), Map.of());
        table.grant(key(0), at(15));

        table.observe(at(20), Map.of());
        table.observe(at(24), Map.of());
        table.observe(at(25), Map.of());

        assertThat(table.contains(key(0))).isTrue();
    }

    @Test
    void aUseThatIsNotKnownIsTakenOver() {
        assertThat(table.observe(START, Map.of(key(0), POD))).isTrue();

        assertThat(table.list()).containsExactly(new Claim(key(0), POD));
    }

    @Test
    void tellsWhenTheHolderChanges() {
        table.grant(key(0), START);

        assertThat(table.observe(at(1), Map.of(key(0), POD))).isTrue();
        assertThat(table.observe(at(2), Map.of(key(0), POD))).isFalse();
        assertThat(table.observe(at(3), Map.of(key(0), new Claim.Holder("shop", "other", "broker"))))
                .isTrue();
    }

    /// Random life of a few claims, checked against the rule as it is written.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverFreesAClaimTooEarly(long seed) {
        var random = new Random(seed);
        long[] granted = new long[4];
        int[] lacking = new int[4];
        boolean[] held = new boolean[4];
        for (long now = 100; now < 2000; now += random.nextInt(1, 8)) {
            int one = random.nextInt(4);
            if (random.nextInt(3) == 0) {
                table.grant(key(one), at(now));
                granted[one] = now;
                lacking[one] = 0;
                held[one] = true;
                continue;
            }
            boolean isListed = held[one] && random.nextBoolean();
            table.observe(at(now), isListed ? Map.of(key(one), POD) : Map.of());
            for (int i = 0; i < 4; i++) {
                if (isListed && i == one) {
                    lacking[i] = 0;
                } else if (now >= granted[i] + 10) {
                    lacking[i]++;
                }
                held[i] = held[i] && lacking[i] < 2;
                assertThat(table.contains(key(i)))
                        .as("seed %d, second %d, claim %d", seed, now, i)
                        .isEqualTo(held[i]);
            }
        }
    }

    private static Instant at(long seconds) {
        return START.plus(Duration.ofSeconds(seconds));
    }

    private static Claim.Key key(int slot) {
        var device = new DeviceRef("petiole.dev", "shop", "scales-aaaaaaaaaa");
        return new Claim.Key(device, "shop.petiole.dev/scales-aaaaaaaaaa", "scales-aaaaaaaaaa-" + slot);
    }
}
