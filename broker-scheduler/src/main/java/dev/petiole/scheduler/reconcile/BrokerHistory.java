package dev.petiole.scheduler.reconcile;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.workload.BrokerPod;
import dev.petiole.scheduler.workload.Retries;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which brokers failed of late, so that those which fail at once are not made anew at once for ever. It need not
/// survive a restart: the worst is that a pause begins anew at its shortest. Thread-safe for different keys.
final class BrokerHistory {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(60);
    private static final Duration RAN_WELL = Duration.ofSeconds(60);
    private static final Duration REMEMBERED = Duration.ofMinutes(10);
    private static final int MAX_DOUBLINGS = 16;

    /*
     * A Pod that the kubelet turned away has not run, and the reason is mostly over in a moment: the API server still
     * shows a device as allocatable that the kubelet is about to be told of again. So the first tries follow quickly.
     */
    private static final Duration FIRST_PAUSE_OF_REFUSED = Duration.ofMillis(250);
    private static final Duration MAX_PAUSE_OF_REFUSED = Duration.ofSeconds(30);

    private final Map<ConfigurationKey, Map<String, Failure>> failures = new ConcurrentHashMap<>();

    private final Dialect dialect;

    BrokerHistory(Dialect dialect) {
        this.dialect = dialect;
    }

    /// @param uid of the Pod that failed last
    /// @param isRefused whether the kubelet did not let it in
    /// @param circumstances how things stood when it failed
    private record Failure(
            String uid, boolean isRefused, int count, Instant notBefore, Object circumstances, Retries.Cause cause) {}

    /// Looks at the Pods of a Configuration.
    ///
    /// @param circumstances what the kubelet's letting a Pod in depends on, by the Pod's name:
    ///     once that has changed, one that was turned away need not wait
    Retries observe(ConfigurationKey key, List<JsonObject> pods, Function<String, Object> circumstances, Instant now) {
        Map<String, Failure> byPod = failures.computeIfAbsent(key, _ -> new HashMap<>());
        for (JsonObject pod : pods) {
            String name = Json.text(pod, "metadata", "name");
            if (BrokerPod.isEnding(pod)) {
                // Whoever is told to end has not failed by ending.
                continue;
            }
            if (BrokerPod.isOver(pod)) {
                byPod.compute(name, (_, last) -> afterFailure(pod, last, circumstances.apply(name), now));
            } else if (BrokerPod.isReady(pod)) {
                byPod.computeIfPresent(name, (_, last) -> last.isRefused() || hasRunWell(pod, now) ? null : last);
            }
        }
        byPod.values().removeIf(failure -> failure.notBefore().plus(REMEMBERED).isBefore(now));

        Map<String, Integer> counts = new HashMap<>();
        Map<String, Instant> notBefore = new HashMap<>();
        Map<String, Retries.Cause> causes = new HashMap<>();
        byPod.forEach((name, failure) -> {
            counts.put(name, failure.count());
            boolean isCauseGone =
                    failure.isRefused() && !failure.circumstances().equals(circumstances.apply(name));
            notBefore.put(name, isCauseGone ? now : failure.notBefore());
            causes.put(name, failure.cause());
        });
        return new Retries(counts, notBefore, causes);
    }

    void forget(ConfigurationKey key) {
        failures.remove(key);
    }

    private Failure afterFailure(JsonObject pod, @Nullable Failure last, Object circumstances, Instant now) {
        String uid = Json.text(pod, "metadata", "uid");
        if (last != null && last.uid().equals(uid)) {
            return last;
        }
        String hash = BrokerPod.hash(pod, dialect);
        boolean isRefused = BrokerPod.isRefused(pod);
        int count = last == null
                        || last.isRefused() != isRefused
                        || !last.cause().templateHash().equals(hash)
                        || hasRunWell(pod, end(pod, now))
                ? 1
                : last.count() + 1;
        Duration pause = isRefused
                ? pause(FIRST_PAUSE_OF_REFUSED, MAX_PAUSE_OF_REFUSED, count)
                : pause(FIRST_PAUSE, MAX_PAUSE, count);
        return new Failure(uid, isRefused, count, now.plus(pause), circumstances, new Retries.Cause(hash, now));
    }

    private static Duration pause(Duration first, Duration max, int count) {
        Duration doubled = first.multipliedBy(1L << Math.min(count - 1, MAX_DOUBLINGS));
        return doubled.compareTo(max) < 0 ? doubled : max;
    }

    private static boolean hasRunWell(JsonObject pod, Instant until) {
        return Json.findInstant(pod, "status", "startTime")
                .filter(start -> !start.plus(RAN_WELL).isAfter(until))
                .isPresent();
    }

    private static Instant end(JsonObject pod, Instant now) {
        Optional<Instant> lastEnd = Json.objects(pod, "status", "containerStatuses").stream()
                .flatMap(container -> Json.findInstant(container, "state", "terminated", "finishedAt").stream())
                .max(Instant::compareTo);
        return lastEnd.orElseGet(
                () -> Json.findInstant(pod, "status", "startTime").orElse(now));
    }
}
