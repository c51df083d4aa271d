package dev.petiole.scheduler.consumer;

import com.google.gson.JsonObject;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import dev.petiole.scheduler.leader.Leadership;
import dev.petiole.scheduler.queue.KeyLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Keeps the DeviceConsumers that the admission policies read. A policy sees a Pod and what it is told beforehand,
/// but cannot look up the Configuration whose device the Pod asks for.
public final class ConsumerPublisher implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ConsumerPublisher.class);
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(1);

    private final ClusterCache cache;
    private final ApiServer apiServer;
    private final Leadership leadership;
    private final ObjectKey key;
    private final KeyLoop<ObjectKey> loop;
    private volatile boolean isRunning;

    public ConsumerPublisher(
            ClusterCache cache, ApiServer apiServer, Leadership leadership, ObjectKey key, RandomGenerator random) {
        this.cache = cache;
        this.apiServer = apiServer;
        this.leadership = leadership;
        this.key = key;
        this.loop = new KeyLoop<>("consumers", 1, random, _ -> publish());
        cache.onChange(change -> {
            if (change.resource().equals(Dialect.PETIOLE.configurations())
                    || change.key().equals(key)) {
                loop.add(key);
            }
        });
    }

    private Optional<Duration> publish() {
        if (!leadership.isHeld() || !cache.isSynced()) {
            return Optional.of(LOOK_AGAIN_AFTER);
        }
        Map<String, List<String>> grants = ConsumerList.of(cache.list(Dialect.PETIOLE.configurations()));
        var wanted = new JsonObject();
        grants.forEach((configuration, namespaces) -> wanted.add(configuration, Json.array(namespaces)));
        // Also when there is nothing to say: a policy whose parameters are missing lets everyone in.
        boolean isPublished = cache.find(key)
                .filter(live -> Json.object(live, "spec", "grants").equals(wanted))
                .isPresent();
        if (!isPublished) {
            apiServer.apply(key, deviceConsumers(wanted));
            log.atInfo().addKeyValue("configurations", grants.size()).log("consumers of devices published");
        }
        return Optional.empty();
    }

    private JsonObject deviceConsumers(JsonObject grants) {
        var metadata = new JsonObject();
        metadata.addProperty("namespace", key.namespace());
        metadata.addProperty("name", key.name());
        metadata.add("labels", Json.of(Dialect.PETIOLE.childLabels()));
        var spec = new JsonObject();
        spec.add("grants", grants);
        var object = new JsonObject();
        object.addProperty("apiVersion", key.resource().apiVersion());
        object.addProperty("kind", key.resource().kind());
        object.add("metadata", metadata);
        object.add("spec", spec);
        return object;
    }

    @Override
    public void start() {
        isRunning = true;
        loop.start();
        loop.add(key);
    }

    @Override
    public void stop() {
        isRunning = false;
        loop.close();
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    /// Ended before leadership is given back.
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 1;
    }
}
