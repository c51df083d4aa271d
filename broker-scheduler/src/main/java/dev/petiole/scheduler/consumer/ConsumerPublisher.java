package dev.petiole.scheduler.consumer;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.ObjectKey;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.leader.Leadership;
import dev.petiole.scheduler.queue.KeyLoop;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Keeps the ConfigMap that the admission policies read. A policy sees a Pod and what it is told beforehand, but cannot
/// look up the Configuration whose device the Pod asks for.
public final class ConsumerPublisher implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ConsumerPublisher.class);
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(1);
    private static final String DATA = "data";

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
        Map<String, String> wanted = ConsumerList.of(cache.list(Dialect.PETIOLE.configurations()));
        // Also when there is nothing to say: a policy whose parameters are missing lets everyone in.
        Optional<Map<String, String>> published = cache.find(key).map(live -> Json.texts(live, DATA));
        if (published.isEmpty() || !published.get().equals(wanted)) {
            apiServer.apply(key, configMap(wanted));
            Map<String, String> others = new TreeMap<>(published.orElse(Map.of()));
            others.keySet().removeAll(wanted.keySet());
            if (!others.isEmpty()) {
                apiServer.overwrite(key, without(others));
            }
            log.atInfo().addKeyValue("configurations", wanted.size()).log("consumers of devices published");
        }
        return Optional.empty();
    }

    private JsonObject configMap(Map<String, String> entries) {
        var metadata = new JsonObject();
        metadata.addProperty("namespace", key.namespace());
        metadata.addProperty("name", key.name());
        metadata.add("labels", Json.of(Dialect.PETIOLE.childLabels()));
        var configMap = new JsonObject();
        configMap.addProperty("apiVersion", Resource.CONFIG_MAP.apiVersion());
        configMap.addProperty("kind", Resource.CONFIG_MAP.kind());
        configMap.add("metadata", metadata);
        configMap.add(DATA, Json.of(entries));
        return configMap;
    }

    /// What somebody else has written there is theirs to the API server, and not taken away by an apply.
    private static JsonObject without(Map<String, String> entries) {
        var data = new JsonObject();
        entries.keySet().forEach(entry -> data.add(entry, JsonNull.INSTANCE));
        var patch = new JsonObject();
        patch.add(DATA, data);
        return patch;
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
