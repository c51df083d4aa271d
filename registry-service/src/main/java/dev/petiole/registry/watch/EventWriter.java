package dev.petiole.registry.watch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Writes Server-Sent Events (WHATWG HTML, section 9.2).
final class EventWriter {

    private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private final OutputStream out;

    EventWriter(OutputStream out) {
        this.out = out;
    }

    /// @param id null for an event after which a client can't go on
    /// @param data one line
    void event(String name, @Nullable String id, String data) throws IOException {
        var event = new StringBuilder(data.length() + 80);
        event.append("event: ").append(name).append('\n');
        if (id != null) {
            event.append("id: ").append(id).append('\n');
        }
        event.append("data: ").append(data).append("\n\n");
        out.write(event.toString().getBytes(StandardCharsets.UTF_8));
    }

    void heartbeat() throws IOException {
        out.write(HEARTBEAT);
    }

    void flush() throws IOException {
        out.flush();
    }
}
