package dev.petiole.scheduler.kubernetes;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the scheduler has written and no informer has echoed yet. Thread-safe.
final class OwnWrites {

    // After a watch that was lost at the wrong moment the echo of an object made and deleted meanwhile never comes.
    private static final Duration MAX_AGE = Duration.ofSeconds(30);

    private final BiConsumer<ObjectKey, JsonObject> onNeverEchoed;
    private final Executor afterMaxAge;
    private final Map<ObjectKey, Write> writes = new ConcurrentHashMap<>();

    // UIDs of what has ended lately. The answer to a write of it may come only now, and would have no echo.
    private final Set<String> ended = ConcurrentHashMap.newKeySet();

    // Compared by identity: of two equal writes each has its own time.
    private static final class Write {
        private final JsonObject object;

        Write(JsonObject object) {
            this.object = object;
        }

        JsonObject object() {
            return object;
        }
    }

    /// @param onNeverEchoed is told of each write that is forgotten since no echo came
    OwnWrites(BiConsumer<ObjectKey, JsonObject> onNeverEchoed) {
        this(onNeverEchoed, CompletableFuture.delayedExecutor(MAX_AGE.toMillis(), TimeUnit.MILLISECONDS));
    }

    /// @param afterMaxAge runs what it is given once a write is too old to be believed
    OwnWrites(BiConsumer<ObjectKey, JsonObject> onNeverEchoed, Executor afterMaxAge) {
        this.onNeverEchoed = onNeverEchoed;
        this.afterMaxAge = afterMaxAge;
    }

    void applied(ObjectKey key, JsonObject object) {
        note(key, object);
    }

    /// Notes that the object is on its way out.
    void deleted(ObjectKey key, JsonObject object) {
        JsonObject terminating = object.deepCopy();
        JsonObject metadata = Json.child(terminating, "metadata");
        if (!metadata.has("deletionTimestamp")) {
            metadata.addProperty("deletionTimestamp", "1970-01-01T00:00:00Z");
        }
        note(key, terminating);
    }

    void echoed(ObjectKey key, JsonObject object, boolean isDeleted) {
        if (isDeleted) {
            gone(key, uid(object));
        }
        writes.computeIfPresent(key, (_, write) -> {
            boolean isSame = uid(write.object()).equals(uid(object));
            boolean isAwaitingDeletion = Json.at(write.object(), "metadata", "deletionTimestamp") != null
                    && Json.at(object, "metadata", "deletionTimestamp") == null;
            return version(object) >= version(write.object()) && !(isSame && isAwaitingDeletion) ? null : write;
        });
    }

    /// @return the newer one of `cached` and what was written
    @Nullable JsonObject overlay(ObjectKey key, @Nullable JsonObject cached) {
        Write write = writes.get(key);
        return write == null ? cached : write.object();
    }

    List<JsonObject> overlay(Resource resource, List<JsonObject> cached, Predicate<JsonObject> filter) {
        if (writes.isEmpty()) {
            return cached;
        }
        Map<ObjectKey, JsonObject> fresh = new HashMap<>();
        writes.forEach((key, write) -> {
            if (key.resource().equals(resource)) {
                fresh.put(key, write.object());
            }
        });
        List<JsonObject> objects = new ArrayList<>(cached.size() + fresh.size());
        for (JsonObject object : cached) {
            JsonObject written = fresh.remove(ObjectKey.of(resource, object));
            objects.add(written == null ? object : written);
        }
        fresh.values().stream().filter(filter).forEach(objects::add);
        return objects;
    }

    /// Forgets what was written to the object with this UID, which is gone: no echo will come, not even of a write that
    /// is yet to be answered.
    void gone(ObjectKey key, String uid) {
        // Within the step that `note` takes too, so that no write slips in between.
        writes.compute(key, (_, write) -> {
            if (ended.add(uid)) {
                afterMaxAge.execute(() -> ended.remove(uid));
            }
            return write == null || uid(write.object()).equals(uid) ? null : write;
        });
    }

    private void note(ObjectKey key, JsonObject object) {
        var write = new Write(object);
        Write noted = writes.compute(key, (_, before) -> {
            boolean isNews = before == null || version(object) >= version(before.object());
            return isNews && !ended.contains(uid(object)) ? write : before;
        });
        if (noted == write) {
            afterMaxAge.execute(() -> {
                if (writes.remove(key, write)) {
                    onNeverEchoed.accept(key, object);
                }
            });
        }
    }

    private static String uid(JsonObject object) {
        return Json.text(object, "metadata", "uid");
    }

    static long version(JsonObject object) {
        // Comparable as a number since Kubernetes 1.35 says so (KEP-5504), and always so in fact.
        return Json.number(object, "metadata", "resourceVersion");
    }
}
