package dev.petiole.registry.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// The event stream format of WHATWG HTML, section 9.2.6.
class EventSourceTests {

    @Test
    void readsNameIdAndData() throws IOException {
        var stream = streamOf("event: added\nid: e-1\ndata: {\"a\":1}\n\n");

        assertThat(stream.next(() -> {})).contains(new EventSource.Event("added", "e-1", "{\"a\":1}"));
        assertThat(stream.next(() -> {})).isEmpty();
    }

    @Test
    void joinsDataLinesAndKeepsTheLastId() throws IOException {
        var stream = streamOf("id:7\ndata:a\ndata: b\n\ndata: c\n\n");

        assertThat(stream.next(() -> {})).contains(new EventSource.Event("message", "7", "a\nb"));
        assertThat(stream.next(() -> {})).contains(new EventSource.Event("message", "7", "c"));
    }

    /// A heartbeat is a comment: no event, but a sign of life.
    @Test
    void tellsOfHeartbeats() throws IOException {
        var lines = new int[1];
        var stream = streamOf(": heartbeat\n\n: heartbeat\n\n");

        assertThat(stream.next(() -> lines[0]++)).isEmpty();
        assertThat(lines[0]).isEqualTo(4);
    }

    /// An event that the connection's end cuts short must not be taken for a whole one.
    @Test
    void dropsAnIncompleteEvent() throws IOException {
        var stream = streamOf("event: added\ndata: {\"half\":");

        assertThat(stream.next(() -> {})).isEmpty();
    }

    private static EventSource.Stream streamOf(String text) {
        return new EventSource.Stream(200, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
