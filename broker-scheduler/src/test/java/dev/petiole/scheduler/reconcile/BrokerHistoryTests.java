package dev.petiole.scheduler.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.scheduler.workload.Retries;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BrokerHistoryTests {

    private static final ConfigurationKey KEY = ConfigurationKey.of("shop", "scales");
    private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");

    private final BrokerHistory history = new BrokerHistory();

    @Test
    void thePauseDoublesWithEachFailureUpToAMinute() {
        var now = START;
        for (long seconds : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            now = now.plusSeconds(5);
            Retries retries = history.observe(KEY, List.of(failed("uid-" + now, now.minusSeconds(1))), now);
            assertThat(Duration.between(now, retries.notBefore().get("broker"))).hasSeconds(seconds);
        }
    }

    @Test
    void theSameFailureCountsOnce() {
        JsonObject pod = failed("uid", START);

        Retries first = history.observe(KEY, List.of(pod), START);
        Retries second = history.observe(KEY, List.of(pod), START.plusSeconds(30));

        assertThat(second).isEqualTo(first);
        assertThat(second.failures()).containsEntry("broker", 1);
    }

    @Test
    void aBrokerThatRanForAMinuteBeginsAnew() {
        history.observe(KEY, List.of(failed("a", START)), START);
        history.observe(KEY, List.of(failed("b", START)), START.plusSeconds(5));

        Retries retries = history.observe(
                KEY,
                List.of(pod("c", START.plusSeconds(5), "Failed", false, START.plusSeconds(65))),
                START.plusSeconds(70));

        assertThat(retries.failures()).containsEntry("broker", 1);
    }

    @Test
    void failuresAreForgottenOnceABrokerIsReadyForAMinute() {
        history.observe(KEY, List.of(failed("a", START)), START);

        Retries retries = history.observe(KEY, List.of(pod("b", START, "Running", true, START)), START.plusSeconds(60));

        assertThat(retries).isEqualTo(Retries.NONE);
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
