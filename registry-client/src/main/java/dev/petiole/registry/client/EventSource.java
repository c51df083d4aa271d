package dev.petiole.registry.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A resource that sends Server-Sent Events (WHATWG HTML, section 9.2).
final class EventSource {

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);

    private final HttpClient http;
    private final URI uri;
    private final Credentials credentials;

    EventSource(HttpClient http, URI uri, Credentials credentials) {
        this.http = http;
        this.uri = uri;
        this.credentials = credentials;
    }

    /// Opens the stream and blocks until the server answers.
    ///
    /// @param lastEventId where to go on; null to begin anew
    Stream open(@Nullable String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(ANSWER_TIMEOUT).header("Accept", "text/event-stream");
        credentials.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        return new Stream(response.statusCode(), response.body());
    }

    @Override
    public String toString() {
        return uri.toString();
    }

    /// One event.
    ///
    /// @param id the last id the stream has given, if any
    record Event(String name, @Nullable String id, String data) {}

    /// An open stream.
    static final class Stream implements AutoCloseable {

        private final int status;
        private final InputStream body;
        private final BufferedReader lines;
        private @Nullable String lastId;

        Stream(int status, InputStream body) {
            this.status = status;
            this.body = body;
            this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        }

        int status() {
            return status;
        }

        byte[] remainder(int limit) throws IOException {
            return body.readNBytes(limit);
        }

        /// Blocks until the next event is complete.
        ///
        /// @param onLine told of every line, heartbeats included
        /// @return empty at the end of the stream
        Optional<Event> next(Runnable onLine) throws IOException {
            String name = "message";
            var data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                onLine.run();
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        return Optional.of(new Event(name, lastId, data.substring(0, data.length() - 1)));
                    }
                    name = "message";
                    continue;
                }
                int colon = line.indexOf(':');
                String field = colon < 0 ? line : line.substring(0, colon);
                String value = colon < 0 ? "" : line.substring(colon + 1);
                value = value.startsWith(" ") ? value.substring(1) : value;
                switch (field) {
                    case "event" -> name = value;
                    case "id" -> lastId = value;
                    case "data" -> data.append(value).append('\n');
                    default -> {
                        // Comments and fields that we don't use are to be ignored.
                    }
                }
            }
            return Optional.empty();
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }
}
