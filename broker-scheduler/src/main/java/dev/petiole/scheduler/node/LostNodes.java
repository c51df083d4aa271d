package dev.petiole.scheduler.node;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.event.EventRecorder;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.leader.Leadership;
import dev.petiole.scheduler.queue.KeyLoop;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/// Tells, once, of a node that has been away for a while and holds slots of devices. Absence of news is no news: they
/// stay held, and only a person can say that the node is gone for good.
public final class LostNodes implements AutoCloseable {

    private static final String REASON = "DeviceSlotsHeld";
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMinutes(1);

    private final ClusterCache cache;
    private final EventRecorder events;
    private final Leadership leadership;
    private final Clock clock;
    private final Duration noticeAfter;
    private final ToLongFunction<String> heldSlots;
    private final KeyLoop<String> loop;

    // Touched by the loop alone.
    private final Map<String, Absence> absences = new HashMap<>();

    private record Absence(Instant since, boolean isTold) {}

    /// @param heldSlots how many slots a node holds
    public LostNodes(
            ClusterCache cache,
            EventRecorder events,
            Leadership leadership,
            Clock clock,
            Duration noticeAfter,
            ToLongFunction<String> heldSlots,
            RandomGenerator random) {
        this.cache = cache;
        this.events = events;
        this.leadership = leadership;
        this.clock = clock;
        this.noticeAfter = noticeAfter;
        this.heldSlots = heldSlots;
        this.loop = new KeyLoop<>("lost-nodes", 1, random, this::lookAt);
    }

    /// Has a node looked at.
    public void nodeChanged(String node) {
        loop.add(node);
    }

    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Optional<Duration> lookAt(String name) {
        Optional<JsonObject> found = cache.find(new ObjectKey(Resource.NODE, "", name));
        if (found.isEmpty() || NodeState.of(found.get()).isReady()) {
            absences.remove(name);
            return Optional.empty();
        }
        JsonObject node = found.get();
        Absence absence = absences.computeIfAbsent(name, _ -> new Absence(since(node), false));
        if (absence.isTold()) {
            return Optional.empty();
        }
        Duration left = Duration.between(clock.instant(), absence.since().plus(noticeAfter));
        if (left.isPositive()) {
            return Optional.of(left);
        }
        long held = heldSlots.applyAsLong(name);
        if (held == 0 || !leadership.isHeld()) {
            return Optional.of(LOOK_AGAIN_AFTER);
        }
        events.warning(
                node,
                REASON,
                ("The node has not been Ready for %d minutes and holds %d device slot%s, which nobody else gets. If it is gone for"
                                + " good: kubectl delete node %s, or kubectl taint node %s"
                                + " node.kubernetes.io/out-of-service=nodeshutdown:NoExecute")
                        .formatted(noticeAfter.toMinutes(), held, held == 1 ? "" : "s", name, name));
        absences.put(name, new Absence(absence.since(), true));
        return Optional.empty();
    }

    private Instant since(JsonObject node) {
        return Json.findCondition(node, "Ready")
                .flatMap(ready -> Json.findInstant(ready, "lastTransitionTime"))
                .orElseGet(clock::instant);
    }
}
