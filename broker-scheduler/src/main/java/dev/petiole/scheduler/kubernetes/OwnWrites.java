package dev.petiole.scheduler.kubernetes;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the scheduler has written and no informer has echoed yet. Thread-safe.
final class OwnWrites {

    // After a watch that was lost at the wrong moment the echo of an object made and deleted meanwhile never comes.
    private static final long MAX_AGE_NANOS = 30_000_000_000L;

    private static final long FORGET_EVERY_NANOS = 1_000_000_000L;

    private final Map<ObjectKey, Write> writes = new ConcurrentHashMap<>();
    private final AtomicLong lastForgot = new AtomicLong(System.nanoTime());

    private record Write(JsonObject object, long at) {
        boolean isOld() {
            return System.nanoTime() - at > MAX_AGE_NANOS;
        }
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
        writes.computeIfPresent(key, (_, write) -> {
            boolean isSame = uid(write.object()).equals(uid(object));
            boolean isAwaitingDeletion = Json.at(write.object(), "metadata", "deletionTimestamp") != null
                    && Json.at(object, "metadata", "deletionTimestamp") == null;
            if (isSame && isDeleted) {
                return null;
            }
            return version(object) >= version(write.object()) && !(isSame && isAwaitingDeletion) ? null : write;
        });
    }

    /// @return the newer one of `cached` and what was written
    @Nullable JsonObject overlay(ObjectKey key, @Nullable JsonObject cached) {
        Write write = writes.get(key);
        if (write == null) {
            return cached;
        }
        if (write.isOld()) {
            writes.remove(key, write);
            return cached;
        }
        return write.object();
    }

    List<JsonObject> overlay(Resource resource, List<JsonObject> cached, Predicate<JsonObject> filter) {
        if (writes.isEmpty()) {
            return cached;
        }
        Map<ObjectKey, JsonObject> fresh = new HashMap<>();
        writes.forEach((key, write) -> {
            if (key.resource().equals(resource) && !write.isOld()) {
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

    private void note(ObjectKey key, JsonObject object) {
        forgetOld();
        writes.merge(
                key,
                new Write(object, System.nanoTime()),
                (before, now) -> version(now.object()) >= version(before.object()) ? now : before);
    }

    /// Now and then, since among thousands it takes a while.
    private void forgetOld() {
        long last = lastForgot.get();
        long now = System.nanoTime();
        if (now - last > FORGET_EVERY_NANOS && lastForgot.compareAndSet(last, now)) {
            writes.values().removeIf(Write::isOld);
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
