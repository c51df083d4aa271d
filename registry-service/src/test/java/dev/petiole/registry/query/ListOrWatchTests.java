package dev.petiole.registry.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListOrWatchTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/event-stream",
                "text/event-stream, application/problem+json",
                "text/event-stream, */*",
                "text/*",
                "text/event-stream, application/json;q=0.5",
                "text/event-stream;q=0.5, application/json;q=0",
            })
    void whoTakesEventsAboveAllWatches(String accepted) {
        assertThat(ListOrWatch.isWatch(List.of(accepted))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "*/*",
                "application/json, text/event-stream, application/problem+json",
                "text/event-stream, application/json",
                "application/json, text/event-stream;q=0.5",
                "no media type",
            })
    void whoTakesJsonNoLessGetsTheList(String accepted) {
        assertThat(ListOrWatch.isWatch(List.of(accepted))).isFalse();
    }

    @Test
    void severalHeadersAreOne() {
        assertThat(ListOrWatch.isWatch(List.of("text/event-stream", "application/json")))
                .isFalse();
        assertThat(ListOrWatch.isWatch(List.of())).isFalse();
    }
}
