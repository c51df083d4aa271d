package dev.petiole.scheduler.reconcile;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.ApiRefusal;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.leader.Leadership;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes objects be as they should be, with one call for each that differs and none for the others. Thread-safe.
final class Applier {

    private static final Logger log = LoggerFactory.getLogger(Applier.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration MAX_RETRY = Duration.ofSeconds(60);
    private static final Duration CHECK_AGAIN_AFTER = Duration.ofSeconds(20);
    private static final Duration LOOK_FOR_STATUS_AFTER = Duration.ofMinutes(5);
    private static final int MAX_DOUBLINGS = 6;

    private final ApiServer apiServer;
    private final ClusterCache cache;
    private final Leadership leadership;
    private final Clock clock;
    private final Map<ObjectKey, Remembered> remembered = new ConcurrentHashMap<>();
    private final Map<ObjectKey, Checked> checked = new ConcurrentHashMap<>();
    private final Map<Resource, Instant> withoutStatus = new ConcurrentHashMap<>();
    private final List<ClusterCache> neighbours;
    private final List<Runnable> nameListeners = new CopyOnWriteArrayList<>();

    /// @param neighbours have what is made for the other API groups' Configurations, whose names can't be had
    Applier(
            ApiServer apiServer,
            ClusterCache cache,
            List<ClusterCache> neighbours,
            Leadership leadership,
            Clock clock) {
        this.apiServer = apiServer;
        this.cache = cache;
        this.neighbours = List.copyOf(neighbours);
        this.leadership = leadership;
        this.clock = clock;
        this.neighbours.forEach(neighbour -> neighbour.onChange(change -> {
            if (change.isDeleted() && isRefused(change.key())) {
                remembered.remove(change.key());
                nameListeners.forEach(Runnable::run);
            }
        }));
    }

    /// Calls `listener` when a name that was refused because of a neighbour may be free.
    void onNameFree(Runnable listener) {
        nameListeners.add(listener);
    }

    private boolean isRefused(ObjectKey key) {
        return remembered.get(key) instanceof Remembered.Refused;
    }

    /// What became of an object.
    sealed interface Outcome {

        /// It is as it should be, and was so before or waits for its predecessor to end.
        record Unchanged(JsonObject object) implements Outcome {}

        /// It was not there and was made.
        record Created(JsonObject object) implements Outcome {}

        /// It was changed.
        ///
        /// @param wasEdited whether someone else had changed it
        record Changed(JsonObject object, boolean wasEdited) implements Outcome {}

        /// The API server refuses it.
        record Rejected(String message, Instant retryAt) implements Outcome {}

        /// @return the object as it is now, if it is there
        default Optional<JsonObject> findObject() {
            return switch (this) {
                case Unchanged(var object) -> Optional.of(object);
                case Created(var object) -> Optional.of(object);
                case Changed changed -> Optional.of(changed.object());
                case Rejected _ -> Optional.empty();
            };
        }
    }

    /// What the API server said when it was asked without making anything.
    private record Checked(String hash, Optional<String> refusal, Instant until) {}

    /// What is known of the last apply of an object.
    private sealed interface Remembered {

        /// The API server's form of what was wanted, which may differ in spelling.
        record Taken(String wanted, String result) implements Remembered {}

        record Refused(String wanted, String message, int count, Instant retryAt) implements Remembered {}
    }

    Outcome apply(ObjectKey key, JsonObject wanted) {
        Optional<JsonObject> live = cache.find(key);
        if (live.isPresent() && Json.at(live.get(), "metadata", "deletionTimestamp") != null) {
            return new Outcome.Unchanged(live.get());
        }
        if (live.isPresent() && Difference.isAsWanted(live.get(), wanted) && !mayHaveTooMuch(key, wanted, live.get())) {
            return new Outcome.Unchanged(live.get());
        }
        String hash = Json.hash(wanted);
        Remembered last = remembered.get(key);
        if (live.isPresent() && isSpeltOtherwise(wanted, live.get(), hash, last)) {
            return new Outcome.Unchanged(live.get());
        }
        if (last instanceof Remembered.Refused refused
                && refused.wanted().equals(hash)
                && clock.instant().isBefore(refused.retryAt())) {
            return new Outcome.Rejected(refused.message(), refused.retryAt());
        }
        Optional<JsonObject> namesake = live.isPresent() ? Optional.empty() : findNamesake(key, wanted);
        if (namesake.isPresent()) {
            return refused(key, hash, taken(key, namesake.get()));
        }
        boolean wasEdited =
                last instanceof Remembered.Taken taken && taken.wanted().equals(hash) && live.isPresent();
        return send(key, wanted, hash, live, wasEdited);
    }

    /// What a person has taken out of a Service's specification is not in what is wanted, and so is not looked for in
    /// the Service. What is made of a template has the template's hash in an annotation.
    private boolean mayHaveTooMuch(ObjectKey key, JsonObject wanted, JsonObject live) {
        if (!key.resource().equals(Resource.SERVICE)) {
            return false;
        }
        String hash = Json.hash(wanted);
        Remembered last =
                remembered.computeIfAbsent(key, _ -> new Remembered.Taken(hash, projectionHash(wanted, live)));
        return last instanceof Remembered.Taken taken && !taken.wanted().equals(hash);
    }

    /// Asks the API server whether it would take the object, once for each content, and again after a while if it would
    /// not.
    ///
    /// @return its own words if it would not
    Optional<String> check(ObjectKey key, JsonObject object) {
        String hash = Json.hash(object);
        Checked last = checked.get(key);
        if (last != null && last.hash().equals(hash) && clock.instant().isBefore(last.until())) {
            return last.refusal();
        }
        Optional<String> refusal = Optional.empty();
        requireLeadership();
        try {
            apiServer.check(key, object);
        } catch (ApiRefusal e) {
            if (!e.isFaultOfContent()) {
                throw e;
            }
            refusal = Optional.of(String.valueOf(e.getMessage()));
        }
        Instant until = refusal.isEmpty() ? Instant.MAX : clock.instant().plus(CHECK_AGAIN_AFTER);
        checked.put(key, new Checked(hash, refusal, until));
        return refusal;
    }

    /// Forgets what [#check] was told of the objects of this Configuration, all of which have names that begin so.
    void forgetChecks(String namespace, String prefix) {
        checked.keySet()
                .removeIf(key -> key.namespace().equals(namespace) && key.name().startsWith(prefix));
    }

    /// Makes the status be `status`, if it is another.
    ///
    /// @return whether it was another
    boolean applyStatus(JsonObject object, JsonObject status) {
        var key = ObjectKey.of(object);
        if (status.equals(object.get("status")) || isWithoutStatus(key.resource())) {
            return false;
        }
        requireLeadership();
        var metadata = new JsonObject();
        metadata.addProperty("namespace", Json.text(object, "metadata", "namespace"));
        metadata.addProperty("name", Json.text(object, "metadata", "name"));
        var wanted = new JsonObject();
        wanted.add("apiVersion", object.get("apiVersion"));
        wanted.add("kind", object.get("kind"));
        wanted.add("metadata", metadata);
        wanted.add("status", status);
        try {
            apiServer.applyStatus(key, wanted);
        } catch (ApiRefusal e) {
            if (e.status() != 404) {
                throw e;
            }
            // The object was deleted meanwhile, and there is nobody left to tell; unless it is not the object that is
            // missing, but a status in the definition of its resource, as in Akri's own.
            if (apiServer.find(key).isPresent()) {
                withoutStatus.put(key.resource(), clock.instant().plus(LOOK_FOR_STATUS_AFTER));
            }
        }
        return true;
    }

    private boolean isWithoutStatus(Resource resource) {
        Instant until = withoutStatus.get(resource);
        return until != null && clock.instant().isBefore(until);
    }

    void delete(ObjectKey key, String uid) {
        requireLeadership();
        apiServer.delete(key, uid);
        remembered.remove(key);
    }

    /// Forgets an object that is gone.
    void forget(ObjectKey key) {
        remembered.computeIfPresent(key, (_, last) -> last instanceof Remembered.Taken ? null : last);
    }

    private Outcome send(ObjectKey key, JsonObject wanted, String hash, Optional<JsonObject> live, boolean wasEdited) {
        requireLeadership();
        try {
            JsonObject applied = live.isPresent() ? applyOver(key, live.get(), wanted) : apiServer.apply(key, wanted);
            remembered.put(key, new Remembered.Taken(hash, projectionHash(wanted, applied)));
            log.atInfo()
                    .addKeyValue("kind", key.resource().kind())
                    .addKeyValue("namespace", key.namespace())
                    .addKeyValue("name", key.name())
                    .log(live.isPresent() ? "object changed" : "object created");
            return live.isPresent() ? new Outcome.Changed(applied, wasEdited) : new Outcome.Created(applied);
        } catch (ApiRefusal e) {
            if (!e.isFaultOfContent()) {
                throw e;
            }
            if (live.isPresent() && isForbiddenChange(key, e)) {
                delete(key, Json.text(live.get(), "metadata", "uid"));
                return new Outcome.Unchanged(live.get());
            }
            return refused(key, hash, String.valueOf(e.getMessage()));
        }
    }

    /// An object that someone else has given the name of one that the cache does not hold. Names of devices end in
    /// hashes; what is named after a Configuration alone has a name that anyone may have chosen, and is asked for.
    private Optional<JsonObject> findNamesake(ObjectKey key, JsonObject wanted) {
        Optional<JsonObject> neighbour = neighbours.stream()
                .flatMap(other -> other.findIfWatched(key).stream())
                .findFirst();
        boolean isNamedFreely = controller(wanted, "kind").equals("Configuration") && !Resource.isInstance(wanted);
        if (neighbour.isPresent() || !isNamedFreely) {
            return neighbour;
        }
        requireLeadership();
        String owner = controller(wanted, "uid");
        return apiServer
                .find(key)
                .filter(there -> !owner.equals(controller(there, "uid")))
                // What an earlier Configuration of this name has left goes by itself.
                .filter(there -> Json.at(there, "metadata", "deletionTimestamp") == null);
    }

    private static String taken(ObjectKey key, JsonObject there) {
        String kind = controller(there, "kind");
        String owner = kind.isEmpty()
                ? "was not made by Petiole"
                : "belongs to %s %s (%s)".formatted(kind, controller(there, "name"), controller(there, "apiVersion"));
        return "the name is taken: there is a %s %s, which %s; rename the Configuration, or remove that object"
                .formatted(key.resource().kind(), key.name(), owner);
    }

    private static String controller(JsonObject object, String field) {
        return Json.objects(Json.object(object, "metadata"), "ownerReferences").stream()
                .filter(reference -> Json.text(reference, "controller").equals("true"))
                .map(reference -> Json.text(reference, field))
                .findFirst()
                .orElse("");
    }

    /// Whether only a new object can be as wanted, such as a Service that gets, or loses, its cluster IP.
    private static boolean isForbiddenChange(ObjectKey key, ApiRefusal refusal) {
        String message = String.valueOf(refusal.getMessage());
        boolean canBeMadeAnew = key.resource().equals(Resource.SERVICE) || Resource.SELECTING.contains(key.resource());
        return canBeMadeAnew
                && refusal.status() == 422
                && (message.contains("may not change once set")
                        || message.contains("field is immutable")
                        || message.contains("updates to statefulset spec for fields other than"));
    }

    /// Whether others' additions to its lists matter: a Service's ports, and all that a Configuration says.
    private static boolean isListedWhole(ObjectKey key) {
        return key.resource().equals(Resource.SERVICE) || key.resource().kind().equals("Configuration");
    }

    private JsonObject applyOver(ObjectKey key, JsonObject live, JsonObject wanted) {
        JsonObject body = Difference.toApply(wanted, live);
        if (!isListedWhole(key)) {
            return apiServer.apply(key, body);
        }
        try {
            JsonObject applied = apiServer.apply(key, body);
            return Difference.isAsWanted(applied, wanted)
                    ? applied
                    : apiServer.overwrite(key, Difference.toOverwrite(wanted, applied));
        } catch (ApiRefusal e) {
            // Such as a port that someone added, of the same name as ours.
            if (e.status() != 422) {
                throw e;
            }
            return apiServer.overwrite(key, Difference.toOverwrite(wanted, live));
        }
    }

    private Outcome refused(ObjectKey key, String hash, String message) {
        int count = remembered.get(key) instanceof Remembered.Refused last
                        && last.wanted().equals(hash)
                ? last.count() + 1
                : 1;
        Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(count - 1, MAX_DOUBLINGS));
        Instant retryAt = clock.instant().plus(pause.compareTo(MAX_RETRY) < 0 ? pause : MAX_RETRY);
        remembered
                .values()
                .removeIf(last -> last instanceof Remembered.Refused old
                        && old.retryAt().plus(MAX_RETRY.multipliedBy(2)).isBefore(clock.instant()));
        remembered.put(key, new Remembered.Refused(hash, message, count, retryAt));
        log.atWarn()
                .addKeyValue("kind", key.resource().kind())
                .addKeyValue("namespace", key.namespace())
                .addKeyValue("name", key.name())
                .addKeyValue("error", message)
                .addKeyValue("retryAt", retryAt)
                .log("object rejected by the API server");
        return new Outcome.Rejected(message, retryAt);
    }

    /// Whether it is what the API server made of just this when it was applied.
    private static boolean isSpeltOtherwise(
            JsonObject wanted, JsonObject live, String hash, @Nullable Remembered last) {
        return last instanceof Remembered.Taken taken
                && taken.wanted().equals(hash)
                && taken.result().equals(projectionHash(wanted, live));
    }

    private static String projectionHash(JsonObject wanted, JsonObject live) {
        return Json.hash(Difference.project(live, Difference.comparable(wanted)));
    }

    private void requireLeadership() {
        if (!leadership.isHeld()) {
            throw new LeadershipLost();
        }
    }

    /// Another scheduler acts now.
    static final class LeadershipLost extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }
}
