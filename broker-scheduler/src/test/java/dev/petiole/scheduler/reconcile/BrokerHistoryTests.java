package dev.petiole.scheduler.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.workload.Retries;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BrokerHistoryTests {

    private static final ConfigurationKey KEY = ConfigurationKey.of("shop", "scales");
    private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");

    private final BrokerHistory history = new BrokerHistory(Dialect.PETIOLE);

    @Test
    void thePauseDoublesWithEachFailureUpToAMinute() {
        var now = START;
        for (long seconds : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            now = now.plusSeconds(5);
            Retries retries = observe(failed("uid-" + now, now.minusSeconds(1)), now);
            assertThat(Duration.between(now, retries.notBefore().get("broker"))).hasSeconds(seconds);
        }
    }

    @Test
    void theSameFailureCountsOnce() {
        JsonObject pod = failed("uid", START);

        Retries first = observe(pod, START);
        Retries second = observe(pod, START.plusSeconds(30));

        assertThat(second).isEqualTo(first);
        assertThat(second.failures()).containsEntry("broker", 1);
    }

    @Test
    void aBrokerThatRanForAMinuteBeginsAnew() {
        observe(failed("a", START), START);
        observe(failed("b", START), START.plusSeconds(5));

        Retries retries =
                observe(pod("c", START.plusSeconds(5), "Failed", false, START.plusSeconds(65)), START.plusSeconds(70));

        assertThat(retries.failures()).containsEntry("broker", 1);
    }

    @Test
    void failuresAreForgottenOnceABrokerIsReadyForAMinute() {
        observe(failed("a", START), START);

        Retries retries = observe(pod("b", START, "Running", true, START), START.plusSeconds(60));

        assertThat(retries).isEqualTo(Retries.NONE);
    }

    /// A kubelet that restarts, or to which the device has just come back, has nothing to give for a moment.
    @Test
    void oneThatTheKubeletTurnedAwayIsMadeAnewAlmostAtOnce() {
        var now = START;
        for (long millis : new long[] {250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000}) {
            now = now.plusSeconds(60);
            Retries retries = observe(refused("uid-" + now), now);
            assertThat(Duration.between(now, retries.notBefore().get("broker"))).hasMillis(millis);
        }
    }

    @Test
    void oneThatWasTurnedAwayNeedNotWaitWhenTheCauseIsGone() {
        JsonObject pod = refused("uid");
        history.observe(KEY, List.of(pod), _ -> "slot held elsewhere", START);

        Retries retries = history.observe(KEY, List.of(pod), _ -> "slot free", START.plusMillis(10));

        assertThat(retries.notBefore().get("broker")).isEqualTo(START.plusMillis(10));
        assertThat(retries.failures()).containsEntry("broker", 1);
    }

    @Test
    void whatWasTurnedAwayIsForgottenAsSoonAsABrokerIsReady() {
        observe(refused("a"), START);

        Retries retries = observe(pod("b", START, "Running", true, START), START.plusSeconds(1));

        assertThat(retries).isEqualTo(Retries.NONE);
    }

    /// Its containers end by a signal, and so the kubelet calls it failed before it is gone.
    @Test
    void oneThatWasToldToEndHasNotFailed() {
        JsonObject pod = failed("a", START);
        pod.getAsJsonObject("metadata").addProperty("deletionTimestamp", START.toString());

        assertThat(observe(pod, START)).isEqualTo(Retries.NONE);
    }

    private Retries observe(JsonObject pod, Instant now) {
        return history.observe(KEY, List.of(pod), _ -> "as ever", now);
    }

    private static JsonObject refused(String uid) {
        return JsonParser.parseString("""
                {"metadata": {"name": "broker", "uid": "%s"},
                 "status": {"phase": "Failed", "reason": "UnexpectedAdmissionError", "startTime": "%s"}}
                """.formatted(uid, START)).getAsJsonObject();
    }

    private static JsonObject failed(String uid, Instant started) {
        return pod(uid, started, "Failed", false, started);
    }

    private static JsonObject pod(String uid, Instant started, String phase, boolean isReady, Instant ended) {
        return JsonParser.parseString("""
                {"metadata": {"name": "broker", "uid": "%s"},
                 "status": {"phase": "%s", "startTime": "%s",
                   "containerStatuses": [{"state": {"terminated": {"finishedAt": "%s"}}}],
                   "conditions": [{"type": "Ready", "status": "%s"}]}}
                """.formatted(uid, phase, started, ended, isReady ? "True" : "False"))
                .getAsJsonObject();
    }
}
