package dev.petiole.scheduler.condition;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.petiole.scheduler.kubernetes.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTests {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.5Z");
    private static final JsonObject OBJECT = JsonParser.parseString("""
            {"metadata": {"generation": 7}, "status": {"conditions": [
              {"type": "Ready", "status": "True", "reason": "A", "lastTransitionTime": "2026-11-01T00:00:00Z"}]}}
            """).getAsJsonObject();

    @Test
    void theTimeOfTransitionIsKeptWhileTheStatusIs() {
        JsonObject written = Conditions.toJson(List.of(Condition.isTrue("Ready", "B", "m")), OBJECT, NOW)
                .get(0)
                .getAsJsonObject();

        assertThat(Json.text(written, "lastTransitionTime")).isEqualTo("2026-11-01T00:00:00Z");
        assertThat(Json.text(written, "reason")).isEqualTo("B");
        assertThat(Json.number(written, "observedGeneration")).isEqualTo(7);
    }

    @Test
    void theTimeOfTransitionIsNowWhenTheStatusChanges() {
        JsonObject written = Conditions.toJson(List.of(Condition.isFalse("Ready", "A", "m")), OBJECT, NOW)
                .get(0)
                .getAsJsonObject();

        assertThat(Json.text(written, "lastTransitionTime")).isEqualTo("2026-11-24T12:00:00Z");
    }

    @Test
    void readyHasTheReasonOfTheFirstThatFails() {
        Condition ready = Conditions.allOf(
                "Ready",
                List.of(
                        Condition.isUnknown("A", "Waiting", "waits"),
                        Condition.isFalse("B", "Broken", "is broken"),
                        Condition.isTrue("C", "Fine", "is fine")));

        assertThat(ready).isEqualTo(Condition.isFalse("Ready", "Broken", "is broken"));
    }

    @Test
    void onlyADifferentStatusOrReasonIsAChange() {
        assertThat(Conditions.isChange(Condition.isTrue("Ready", "A", "other words"), OBJECT))
                .isFalse();
        assertThat(Conditions.isChange(Condition.isTrue("Ready", "B", "m"), OBJECT))
                .isTrue();
        assertThat(Conditions.isChange(Condition.isFalse("Ready", "A", "m"), OBJECT))
                .isTrue();
        assertThat(Conditions.isChange(Condition.isTrue("New", "A", "m"), OBJECT))
                .isTrue();
    }

    @Test
    void messagesHaveALimit() {
        assertThat(Condition.isFalse("Ready", "A", "x".repeat(5_000)).message())
                .hasSize(1_024)
                .endsWith("…");
    }
}
