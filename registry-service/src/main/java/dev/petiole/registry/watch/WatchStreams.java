package dev.petiole.registry.watch;

import static dev.petiole.registry.LogKeys.ERROR;
import static dev.petiole.registry.LogKeys.KIND;
import static dev.petiole.registry.LogKeys.REVISION;

import dev.petiole.api.watch.WatchEvents;
import dev.petiole.registry.problem.Overloaded;
import dev.petiole.registry.revision.Change;
import dev.petiole.registry.revision.Gone;
import dev.petiole.registry.revision.Kind;
import dev.petiole.registry.revision.RevisionLog;
import dev.petiole.registry.revision.Snapshots;
import dev.petiole.registry.revision.Versioned;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Serves watches. Each runs on its request's own virtual thread and pulls from the log; one whose client does not read
/// blocks in its own write until the server's timeout cuts it off.
@Component
public final class WatchStreams implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(WatchStreams.class);

    private static final int BATCH = 200;

    private final RevisionLog revisions;
    private final Snapshots snapshots;
    private final JsonMapper json;
    private final Duration heartbeat;
    private final Duration bookmark;
    private final Semaphore watchers;
    private final WatchMeters meters;
    private volatile boolean isRunning;

    WatchStreams(
            RevisionLog revisions,
            Snapshots snapshots,
            JsonMapper json,
            WatchProperties properties,
            WatchMeters meters) {
        this.meters = meters;
        this.revisions = revisions;
        this.snapshots = snapshots;
        this.json = json;
        this.heartbeat = properties.heartbeat();
        this.bookmark = properties.bookmark();
        this.watchers = new Semaphore(properties.maxWatchers());
    }

    /// Streams until the client goes or the registry stops.
    ///
    /// @param lastEventId where to go on; null to begin with the present state
    /// @throws Gone if it can't go on there
    public <T> void stream(WatchFilter<T> filter, @Nullable String lastEventId, HttpServletResponse response) {
        if (!watchers.tryAcquire()) {
            throw new Overloaded("Too many watches are open; close some or try again later.");
        }
        try {
            if (lastEventId == null) {
                serve(filter, null, response);
            } else {
                serve(filter, revisions.resume(lastEventId), response);
            }
        } finally {
            watchers.release();
        }
    }

    @Override
    public void start() {
        isRunning = true;
    }

    /// Ends all streams, so that the web server's graceful shutdown need not wait for them.
    @Override
    public void stop() {
        isRunning = false;
        revisions.wake();
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    /// @param from where to go on; null to begin with the present state
    private <T> void serve(WatchFilter<T> filter, @Nullable Long from, HttpServletResponse response) {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding("UTF-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        // Reverse proxies would otherwise hold events back.
        response.setHeader("X-Accel-Buffering", "no");
        WatchMeters.OfKind measured = meters.of(filter.kind());
        WatchMeters.End end = WatchMeters.End.DISCONNECTED;
        measured.began();
        try {
            var events = new EventWriter(response.getOutputStream());
            long position = from == null ? sendPresent(filter, events) : from;
            sendBookmark(events, position, from == null);
            events.flush();
            follow(filter, position, events);
            end = WatchMeters.End.STOPPED;
        } catch (IOException e) {
            log.atDebug()
                    .addKeyValue(KIND, filter.kind().name())
                    .addKeyValue(ERROR, e.toString())
                    .log("watcher is gone or too slow");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Gone e) {
            end = WatchMeters.End.FELL_BEHIND;
            log.atWarn()
                    .addKeyValue(KIND, filter.kind().name())
                    .addKeyValue(ERROR, e.detail())
                    .log("watcher fell behind what is kept and was cut off");
        } finally {
            measured.ended(end);
        }
    }

    private <T> void follow(WatchFilter<T> filter, long from, EventWriter events)
            throws IOException, InterruptedException {
        String epoch = revisions.epoch();
        long position = from;
        long told = from;
        long lastSent = System.nanoTime();
        long lastBookmark = lastSent;
        while (isRunning && revisions.epoch().equals(epoch)) {
            List<Change<?>> changes = revisions.after(position, BATCH);
            for (Change<?> change : changes) {
                Change<T> ours = ours(filter.kind(), change);
                if (ours != null
                        && send(
                                filter,
                                ours,
                                events,
                                revisions.at(change.revision()).toString())) {
                    told = change.revision();
                    lastSent = System.nanoTime();
                }
                position = change.revision();
            }
            long now = System.nanoTime();
            if (position > told && now - lastBookmark >= bookmark.toNanos()) {
                sendBookmark(events, position, false);
                told = position;
                lastSent = now;
                lastBookmark = now;
            }
            if (now - lastSent >= heartbeat.toNanos()) {
                events.heartbeat();
                lastSent = now;
            }
            events.flush();
            if (changes.isEmpty()) {
                revisions.await(position, heartbeat.minusNanos(System.nanoTime() - lastSent));
            }
        }
        log.atDebug().addKeyValue(REVISION, position).log("watch ends with the registry");
    }

    /// @return the revision of the state sent
    private <T> long sendPresent(WatchFilter<T> filter, EventWriter events) throws IOException, InterruptedException {
        var present = new PresentState<>(snapshots, filter);
        while (!present.isComplete()) {
            for (Versioned<T> item : present.next()) {
                // Without an id: a client cut off here must begin anew.
                events.event(WatchEvents.ADDED, null, render(filter, item));
                meters.of(filter.kind()).sent();
            }
        }
        long position = present.firstRevision();
        while (position < present.revision()) {
            List<Change<?>> changes = revisions.after(position, BATCH);
            if (changes.isEmpty()) {
                // Another replica's, of which this one has yet to hear.
                revisions.await(position, heartbeat);
            }
            for (Change<?> change : changes) {
                Change<T> ours = change.revision() > present.revision() ? null : ours(filter.kind(), change);
                if (ours != null && !present.contains(ours)) {
                    send(filter, ours, events, null);
                }
                position = change.revision();
            }
        }
        return present.revision();
    }

    private void sendBookmark(EventWriter events, long revision, boolean initialEventsEnd) throws IOException {
        String resourceVersion = revisions.at(revision).toString();
        events.event(
                WatchEvents.BOOKMARK,
                resourceVersion,
                json.writeValueAsString(new WatchEvents.Bookmark(resourceVersion, initialEventsEnd)));
    }

    private static <T> @Nullable Change<T> ours(Kind<T> kind, Change<?> change) {
        if (!change.kind().equals(kind)) {
            return null;
        }
        // Kinds are compared by name and type, so the change is one of T.
        @SuppressWarnings("unchecked")
        var ours = (Change<T>) change;
        return ours;
    }

    private <T> boolean send(WatchFilter<T> filter, Change<T> change, EventWriter events, @Nullable String id)
            throws IOException {
        Versioned<T> before = change.before();
        boolean wasVisible = before != null && filter.matches().test(before.value());
        T after = change.after();
        boolean isVisible = after != null && filter.matches().test(after);
        if (!wasVisible && !isVisible) {
            return false;
        }
        if (isVisible && after != null) {
            String name = wasVisible ? WatchEvents.MODIFIED : WatchEvents.ADDED;
            events.event(name, id, render(filter, new Versioned<>(after, change.revision())));
        } else if (before != null) {
            events.event(WatchEvents.DELETED, id, render(filter, before));
        }
        meters.of(filter.kind()).sent();
        return true;
    }

    private <T> String render(WatchFilter<T> filter, Versioned<T> item) {
        Object view = filter.kind()
                .view()
                .apply(item.value(), revisions.at(item.revision()).toString());
        Projection projection = filter.projection();
        return json.writeValueAsString(projection == null ? view : projection.of(view, json));
    }
}
