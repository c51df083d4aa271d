package dev.petiole.registry.testing;

import dev.petiole.registry.client.Trust;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An open stream of events, read line by line as it comes: what a watcher really gets.
public final class EventLog implements AutoCloseable {

    private final HttpClient http;
    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    private EventLog(HttpClient http, HttpResponse<InputStream> response) {
        this.http = http;
        this.response = response;
        this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /// One event.
    public record Event(String name, @Nullable String id, String data) {}

    public static EventLog open(URI uri, @Nullable String lastEventId) throws IOException, InterruptedException {
        return open(uri, lastEventId, Trust.PLATFORM);
    }

    public static EventLog open(URI uri, @Nullable String lastEventId, Trust trust)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "text/event-stream");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trust.context())
                .build();
        return new EventLog(http, http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
    }

    public int status() {
        return response.statusCode();
    }

    public List<Event> next(int count) throws IOException {
        List<Event> events = new ArrayList<>();
        while (events.size() < count) {
            Event event = next();
            if (event == null) {
                throw new IOException("the stream has ended after " + events);
            }
            events.add(event);
        }
        return events;
    }

    /// Blocks until an event has come.
    ///
    /// @return null at the end of the stream
    public @Nullable Event next() throws IOException {
        String name = "";
        String id = null;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                return new Event(name, id, line.substring(6));
            }
        }
        return null;
    }

    /// Blocks until a line has come, whatever it is.
    public @Nullable String nextLine() throws IOException {
        return lines.readLine();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
