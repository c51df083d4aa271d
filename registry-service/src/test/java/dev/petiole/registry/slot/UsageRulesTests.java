package dev.petiole.registry.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.api.agent.DeviceRef;
import dev.petiole.api.agent.UsageReport;
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
        UsageRules.Decision decision = decide(List.of(claim("a"), claim("b")), report(6, use("b", null)));

        assertThat(decision.released()).containsExactly(key("a"));
        assertThat(decision.renamed()).isEmpty();
        assertThat(decision.unknown()).isEmpty();
    }

    /// A report may be overtaken by a claim that was asked for after it was written.
    @Test
    void whatWasAskedForAfterTheReportWasWrittenIsNotReleased() {
        assertThat(decide(List.of(claim("a")), report(5)).released()).isEmpty();
        assertThat(decide(List.of(claim("a")), report(6)).released()).containsExactly(key("a"));
    }

    @Test
    void anotherSessionHasItsOwnSequence() {
        var report = new UsageReport("session-2", 1, List.of(), List.of());

        assertThat(decide(List.of(claim("a")), report).released()).containsExactly(key("a"));
    }

    /// The node has asked and does not know yet what came of it.
    @Test
    void whatIsPendingIsNeitherReleasedNorEstablished() {
        var report = new UsageReport("session-1", 6, List.of(), List.of(use("a", null), use("b", null)));

        UsageRules.Decision decision = decide(List.of(claim("a")), report);

        assertThat(decision.released()).isEmpty();
        assertThat(decision.unknown()).isEmpty();
    }

    @Test
    void whatIsInUseWithoutAGrantIsUnknown() {
        UsageRules.Decision decision = decide(List.of(), report(6, use("a", "pod-1"), use("a", "pod-2")));

        assertThat(decision.unknown()).hasSize(1).containsKey(key("a"));
        assertThat(decision.unknown().get(key("a")).pod()).isEqualTo("pod-1");
    }

    @Test
    void theUserIsFilledInOnceTheKubeletHasToldAndIsNotForgottenAgain() {
        UsageRules.Decision told = decide(List.of(claim("a")), report(6, use("a", "pod-1")));
        assertThat(told.renamed())
                .singleElement()
                .satisfies(claim -> assertThat(claim.user().pod()).isEqualTo("pod-1"));

        UsageRules.Decision untold = decide(told.renamed(), report(7, use("a", null)));
        assertThat(untold.renamed()).isEmpty();
    }

    /// Its node needs a while to hear of it.
    @Test
    void aRecalledHolderIsKeptForAWhileThoughItsNodeDoesNotKnowIt() {
        Claim recalled = Claim.of(key("a"), 0, User.UNTOLD, GRANTED, Claim.Asked.BEFORE);

        assertThat(UsageRules.decide("n1", List.of(recalled), report(6), GRANTED.minusSeconds(1))
                        .released())
                .isEmpty();
        assertThat(UsageRules.decide("n1", List.of(recalled), report(6), GRANTED.plusSeconds(1))
                        .released())
                .containsExactly(key("a"));
    }

    private static UsageRules.Decision decide(List<Claim> recorded, UsageReport report) {
        return UsageRules.decide("n1", recorded, report, GRANTED.minusSeconds(1));
    }

    private static UsageReport report(long sequence, Use... uses) {
        return new UsageReport("session-1", sequence, List.of(uses), List.of());
    }

    private static Use use(String id, @Nullable String pod) {
        return new Use(new DeviceRef("petiole.dev", "default", DEVICE), "r", id, null, pod, null);
    }

    private static Claim claim(String id) {
        return Claim.of(key(id), 0, User.UNTOLD, GRANTED, new Claim.Asked("session-1", 5));
    }

    private static Key key(String id) {
        return new Key(new DeviceKey("petiole.dev", "default", DEVICE), "n1", "r", id);
    }
}
