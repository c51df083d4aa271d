package dev.petiole.scheduler.event;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.ApiRefusal;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.ApiUnreachable;
import dev.petiole.scheduler.kubernetes.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells people of changes by Kubernetes Events: each once, in the background, and never at the cost of the work
/// itself. When there are more than can be sent, the surplus is dropped. Thread-safe.
public final class EventRecorder implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);
    private static final int MAX_WAITING = 1_000;
    private static final int MAX_REMEMBERED = 5_000;
    private static final Duration SAME_AGAIN_AFTER = Duration.ofMinutes(5);
    private static final int MAX_MESSAGE = 1_024;

    private final ApiServer apiServer;
    private final Clock clock;
    private final RandomGenerator random;
    private final String component;
    private final BlockingQueue<JsonObject> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Recent recent = new Recent();
    private @Nullable Thread thread;

    public EventRecorder(ApiServer apiServer, Clock clock, RandomGenerator random, String component) {
        this.apiServer = apiServer;
        this.clock = clock;
        this.random = random;
        this.component = component;
    }

    /// What happened is as it should be.
    public void normal(JsonObject about, String reason, String message) {
        record("Normal", about, reason, message);
    }

    /// Someone may want to do something about it.
    public void warning(JsonObject about, String reason, String message) {
        record("Warning", about, reason, message);
    }

    public void start() {
        thread = Thread.ofVirtual().name("events").start(this::run);
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void record(String type, JsonObject about, String reason, String message) {
        Instant now = clock.instant();
        String what = Json.text(about, "metadata", "uid") + " " + reason + " " + message;
        if (recent.isNew(what, now) && !waiting.offer(event(type, about, reason, message, now))) {
            log.atDebug().addKeyValue("reason", reason).log("event dropped");
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                send(waiting.take());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(JsonObject event) {
        try {
            apiServer.createEvent(event);
        } catch (ApiRefusal | ApiUnreachable e) {
            log.atDebug()
                    .addKeyValue("reason", Json.text(event, "reason"))
                    .addKeyValue("error", e.toString())
                    .log("event not sent");
        }
    }

    private JsonObject event(String type, JsonObject about, String reason, String message, Instant now) {
        String home = Json.text(about, "metadata", "namespace");
        // Of what belongs to no namespace.
        String namespace = home.isEmpty() ? "default" : home;
        String name = Json.text(about, "metadata", "name");
        String at = now.truncatedTo(ChronoUnit.SECONDS).toString();
        var metadata = new JsonObject();
        metadata.addProperty("namespace", namespace);
        metadata.addProperty("name", name + "." + Long.toHexString(random.nextLong()));
        var involved = new JsonObject();
        involved.addProperty("apiVersion", Json.text(about, "apiVersion"));
        involved.addProperty("kind", Json.text(about, "kind"));
        if (!home.isEmpty()) {
            involved.addProperty("namespace", home);
        }
        involved.addProperty("name", name);
        involved.addProperty("uid", Json.text(about, "metadata", "uid"));
        var source = new JsonObject();
        source.addProperty("component", component);
        var event = new JsonObject();
        event.addProperty("apiVersion", "v1");
        event.addProperty("kind", "Event");
        event.add("metadata", metadata);
        event.add("involvedObject", involved);
        event.add("source", source);
        event.addProperty("type", type);
        event.addProperty("reason", reason);
        event.addProperty("message", message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE));
        event.addProperty("firstTimestamp", at);
        event.addProperty("lastTimestamp", at);
        event.addProperty("count", 1);
        return event;
    }

    /// What was told a short time ago.
    private static final class Recent {

        private final Map<String, Instant> told = new LinkedHashMap<>();

        synchronized boolean isNew(String what, Instant now) {
            Instant before = told.get(what);
            if (before != null && before.plus(SAME_AGAIN_AFTER).isAfter(now)) {
                return false;
            }
            told.remove(what);
            told.put(what, now);
            if (told.size() > MAX_REMEMBERED) {
                told.remove(told.keySet().iterator().next());
            }
            return true;
        }
    }
}
