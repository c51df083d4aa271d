package dev.petiole.scheduler.node;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.petiole.scheduler.kubernetes.ApiRefusal;
import dev.petiole.scheduler.kubernetes.ApiServer;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes from the Nodes' status the extended resources of devices that are gone. The kubelet sets such a resource to
/// zero, forgets it five minutes after its device plugin has ended, and leaves the zero there for ever.
public final class WithdrawnResources implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WithdrawnResources.class);
    private static final Pattern OURS = Pattern.compile("[a-z0-9-]+\\.petiole\\.dev/.+");

    // Until the kubelet has forgotten it, it writes the zero anew.
    private static final Duration ZERO_FOR = Duration.ofMinutes(7);
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMinutes(1);

    private final ClusterCache cache;
    private final ApiServer apiServer;
    private final Leadership leadership;
    private final Clock clock;
    private final Predicate<String> isOffered;
    private final KeyLoop<String> loop;

    // Touched by the loop alone: since when a node's resource is seen to be zero.
    private final Map<String, Map<String, Instant>> zeroSince = new HashMap<>();

    /// @param isOffered whether a node may still offer the resource, as far as is known
    public WithdrawnResources(
            ClusterCache cache,
            ApiServer apiServer,
            Leadership leadership,
            Clock clock,
            Predicate<String> isOffered,
            RandomGenerator random) {
        this.cache = cache;
        this.apiServer = apiServer;
        this.leadership = leadership;
        this.clock = clock;
        this.isOffered = isOffered;
        this.loop = new KeyLoop<>("withdrawn-resources", 1, random, this::lookAt);
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
        var key = new ObjectKey(Resource.NODE, "", name);
        Optional<JsonObject> node = cache.find(key);
        if (node.isEmpty()) {
            zeroSince.remove(name);
            return Optional.empty();
        }
        List<String> zero = zero(node.get());
        Map<String, Instant> since = zeroSince.computeIfAbsent(name, _ -> new HashMap<>());
        since.keySet().retainAll(zero);
        Instant now = clock.instant();
        zero.forEach(resource -> since.putIfAbsent(resource, now));
        List<String> forgotten = zero.stream()
                .filter(resource ->
                        !since.getOrDefault(resource, now).plus(ZERO_FOR).isAfter(now))
                .filter(resource -> !isOffered.test(resource))
                .toList();
        if (!forgotten.isEmpty() && leadership.isHeld()) {
            remove(key, forgotten);
        }
        return zero.isEmpty() ? Optional.empty() : Optional.of(LOOK_AGAIN_AFTER);
    }

    private void remove(ObjectKey node, List<String> resources) {
        try {
            apiServer.overwriteStatus(node, patch(resources));
            log.atInfo()
                    .addKeyValue("node", node.name())
                    .addKeyValue("count", resources.size())
                    .log("removed withdrawn resources");
        } catch (ApiRefusal e) {
            if (e.status() != 404) {
                throw e;
            }
        }
    }

    /// @return those of ours of which the node has nothing
    public static List<String> zero(JsonObject node) {
        return Json.texts(node, "status", "capacity").entrySet().stream()
                .filter(capacity -> OURS.matcher(capacity.getKey()).matches()
                        && capacity.getValue().equals("0"))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /// @return what takes these resources from a Node's status
    public static JsonObject patch(List<String> resources) {
        var quantities = new JsonObject();
        JsonElement gone = JsonNull.INSTANCE;
        resources.forEach(resource -> quantities.add(resource, gone));
        var status = new JsonObject();
        status.add("capacity", quantities);
        status.add("allocatable", quantities.deepCopy());
        var patch = new JsonObject();
        patch.add("status", status);
        return patch;
    }
}
