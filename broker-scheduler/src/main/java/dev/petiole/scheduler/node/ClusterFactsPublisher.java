package dev.petiole.scheduler.node;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.petiole.api.node.ClusterFacts;
import dev.petiole.api.node.Node.NodeFacts;
import dev.petiole.api.node.NodesApi;
import dev.petiole.scheduler.dialect.Dialect;
import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.leader.Leadership;
import dev.petiole.scheduler.queue.KeyLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the registry of all nodes, in full: whenever a fact changed, and now and then, since the registry may have
/// forgotten.
public final class ClusterFactsPublisher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ClusterFactsPublisher.class);
    private static final Duration RESEND_AFTER = Duration.ofMinutes(1);
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(1);
    private static final String ALL = "nodes";

    private final ClusterCache cache;
    private final ApiServer apiServer;
    private final NodesApi registry;
    private final Leadership leadership;
    private final KeyLoop<String> loop;
    private @Nullable String clusterUid;
    private @Nullable ClusterFacts sent;
    private long sentAt;
    private volatile boolean isAccepted;
    private volatile boolean isForgotten;

    public ClusterFactsPublisher(
            ClusterCache cache, ApiServer apiServer, NodesApi registry, Leadership leadership, RandomGenerator random) {
        this.cache = cache;
        this.apiServer = apiServer;
        this.registry = registry;
        this.leadership = leadership;
        this.loop = new KeyLoop<>("node-facts", 1, random, _ -> publish());
    }

    /// Has the registry told again: it has forgotten.
    public void tellAgain() {
        isForgotten = true;
        loop.add(ALL);
    }

    /// Has the nodes looked at.
    public void nodesChanged() {
        loop.add(ALL);
    }

    public void start() {
        loop.start();
        loop.add(ALL);
    }

    /// @return whether the registry has agreed to serve this cluster. Until then nothing it says counts: it
    /// might speak
    ///     of another one.
    public boolean isAccepted() {
        return isAccepted;
    }

    @Override
    public void close() {
        loop.close();
    }

    private Optional<Duration> publish() {
        if (!leadership.isHeld() || !cache.isSynced()) {
            return Optional.of(LOOK_AGAIN_AFTER);
        }
        ClusterFacts facts = facts();
        if (isForgotten || !facts.equals(sent) || System.nanoTime() - sentAt >= RESEND_AFTER.toNanos()) {
            isForgotten = false;
            registry.putCluster(facts);
            if (!isAccepted) {
                log.atInfo().addKeyValue("cluster", facts.clusterUid()).log("registry serves this cluster");
            }
            sent = facts;
            sentAt = System.nanoTime();
            isAccepted = true;
        }
        return Optional.of(RESEND_AFTER);
    }

    private ClusterFacts facts() {
        String uid = clusterUid;
        if (uid == null) {
            uid = apiServer.namespaceUid("kube-system");
            clusterUid = uid;
        }
        Set<String> named = namedByInstances();
        Map<String, NodeFacts> nodes = new HashMap<>();
        for (JsonObject node : cache.list(Resource.NODE)) {
            String name = Json.text(node, "metadata", "name");
            nodes.put(name, NodeState.facts(node, named.contains(name)));
        }
        return new ClusterFacts(uid, nodes);
    }

    /// A kubelet stops offering what its discovery service has withdrawn; an Instance stays while the registry
    /// is being rebuilt.
    private Set<String> namedByInstances() {
        Set<String> named = new HashSet<>();
        for (JsonObject instance : cache.list(Dialect.PETIOLE.instances())) {
            JsonElement nodes = Json.at(instance, "spec", "nodes");
            if (nodes != null && nodes.isJsonArray()) {
                nodes.getAsJsonArray().forEach(node -> named.add(node.getAsString()));
            }
        }
        return named;
    }
}
