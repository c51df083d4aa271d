package dev.petiole.scheduler.reconcile;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.workload.BrokerPod;
import dev.petiole.scheduler.workload.Retries;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Which brokers failed of late, so that those which fail at once are not made anew at once for ever. It need not
/// survive a restart: the worst is that a pause begins anew at a second. Thread-safe for different keys.
final class BrokerHistory {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(60);
    private static final Duration RAN_WELL = Duration.ofSeconds(60);
    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final int MAX_DOUBLINGS = 6;

    private final Map<ConfigurationKey, Map<String, Failure>> failures = new ConcurrentHashMap<>();

    /// @param uid of the Pod that failed last
    private record Failure(String uid, int count, Instant notBefore) {}

    /// Looks at the Pods of a Configuration.
    Retries observe(ConfigurationKey key, List<JsonObject> pods, Instant now) {
        Map<String, Failure> byPod = failures.computeIfAbsent(key, _ -> new HashMap<>());
        for (JsonObject pod : pods) {
            String name = Json.text(pod, "metadata", "name");
            if (BrokerPod.isOver(pod)) {
                byPod.compute(name, (_, last) -> afterFailure(pod, last, now));
            } else if (BrokerPod.isReady(pod) && hasRunWell(pod, now)) {
                byPod.remove(name);
            }
        }
        byPod.values().removeIf(failure -> failure.notBefore().plus(REMEMBERED).isBefore(now));

        Map<String, Integer> counts = new HashMap<>();
        Map<String, Instant> notBefore = new HashMap<>();
        byPod.forEach((name, failure) -> {
            counts.put(name, failure.count());
            notBefore.put(name, failure.notBefore());
        });
        return new Retries(counts, notBefore);
    }

    void forget(ConfigurationKey key) {
        failures.remove(key);
    }

    private static Failure afterFailure(JsonObject pod, @Nullable Failure last, Instant now) {
        String uid = Json.text(pod, "metadata", "uid");
        if (last != null && last.uid().equals(uid)) {
            return last;
        }
        int count = last == null || hasRunWell(pod, end(pod, now)) ? 1 : last.count() + 1;
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(count - 1, MAX_DOUBLINGS));
        return new Failure(uid, count, now.plus(pause.compareTo(MAX_PAUSE) < 0 ? pause : MAX_PAUSE));
    }

    private static boolean hasRunWell(JsonObject pod, Instant until) {
        return Json.findInstant(pod, "status", "startTime")
                .filter(start -> !start.plus(RAN_WELL).isAfter(until))
                .isPresent();
    }

    private static Instant end(JsonObject pod, Instant now) {
        return Json.objects(pod, "status", "containerStatuses").stream()
                .flatMap(container -> Json.findInstant(container, "state", "terminated", "finishedAt").stream())
                .max(Instant::compareTo)
                .orElseGet(() -> Json.findInstant(pod, "status", "startTime").orElse(now));
    }
}
