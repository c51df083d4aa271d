package dev.petiole.registry.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.agent.UsageReport.Use;
import dev.petiole.registry.device.DeviceKey;
import dev.petiole.registry.slot.Claim.Key;
import dev.petiole.registry.slot.Claim.User;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UsageRulesTests {

    private static final Instant GRANTED = Instant.parse("2026-01-01T00:00:00Z");
    private static final String DEVICE = "scales-umu3s6fruz";

    @Test
    void whatTheReportLacksIsReleased() {
        UsageRules.Decision decision = decide(List.of(claim("a"), claim("b")), List.of(use("b", null)), GRANTED);

        assertThat(decision.released()).containsExactly(key("a"));
        assertThat(decision.renamed()).isEmpty();
        assertThat(decision.unknown()).isEmpty();
    }

    /// A report may have been under way while the slot was granted.
    @Test
    void whatWasGrantedJustNowIsNotReleased() {
        UsageRules.Decision decision = decide(List.of(claim("a")), List.of(), GRANTED.minusMillis(1));

        assertThat(decision.released()).isEmpty();
    }

    @Test
    void whatIsInUseWithoutAGrantIsUnknown() {
        UsageRules.Decision decision = decide(List.of(), List.of(use("a", "pod-1"), use("a", "pod-2")), GRANTED);

        assertThat(decision.unknown()).hasSize(1).containsKey(key("a"));
        assertThat(decision.unknown().get(key("a")).pod()).isEqualTo("pod-1");
    }

    @Test
    void theUserIsFilledInOnceTheKubeletHasToldAndIsNotForgottenAgain() {
        UsageRules.Decision told = decide(List.of(claim("a")), List.of(use("a", "pod-1")), GRANTED);
        assertThat(told.renamed())
                .singleElement()
                .satisfies(claim -> assertThat(claim.user().pod()).isEqualTo("pod-1"));

        UsageRules.Decision untold = decide(told.renamed(), List.of(use("a", null)), GRANTED);
        assertThat(untold.renamed()).isEmpty();
    }

    private static UsageRules.Decision decide(List<Claim> recorded, List<Use> uses, Instant settled) {
        return UsageRules.decide("n1", recorded, uses, settled);
    }

    private static Use use(String id, @Nullable String pod) {
        return new Use(new DeviceRef("petiole.dev", "default", DEVICE), "r", id, null, pod, null);
    }

    private static Claim claim(String id) {
        return Claim.of(key(id), 0, User.UNTOLD, GRANTED);
    }

    private static Key key(String id) {
        return new Key(new DeviceKey("petiole.dev", "default", DEVICE), "n1", "r", id);
    }
}
