package dev.petiole.scheduler.exposure;

import dev.petiole.scheduler.kubernetes.ApiServer;
import dev.petiole.scheduler.kubernetes.ClusterCache;
import dev.petiole.scheduler.kubernetes.Resource;
import dev.petiole.scheduler.queue.KeyLoop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the cluster has Dynamic Resource Allocation, which it may get while we run. Thread-safe.
public final class DynamicResources implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DynamicResources.class);
    private static final Duration ASK_EVERY = Duration.ofMinutes(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

    private final ApiServer apiServer;
    private final ClusterCache cache;
    private final KeyLoop<String> loop;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile State state = State.UNKNOWN;
    private volatile long since;
    private boolean isWatched;

    public DynamicResources(ApiServer apiServer, ClusterCache cache, RandomGenerator random) {
        this.apiServer = apiServer;
        this.cache = cache;
        this.loop = new KeyLoop<>("dynamic-resources", 1, random, _ -> look());
    }

    /// How it stands.
    public enum State {
        /// The API server has not been asked, or what it has has not been listed in full.
        UNKNOWN,
        /// The API server does not serve `resource.k8s.io/v1`.
        ABSENT,
        /// All that is there has been listed.
        READY
    }

    /// Calls `listener` when the state has changed; it must only note that there is something to do.
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    public void start() {
        since = System.nanoTime();
        loop.start();
        loop.add("look");
    }

    public State state() {
        return state;
    }

    /// @return whether waiting for it any longer would only keep other things waiting
    public boolean isSettled() {
        return state != State.UNKNOWN || System.nanoTime() - since > PATIENCE_NANOS;
    }

    @Override
    public void close() {
        loop.close();
    }

    private Optional<Duration> look() {
        if (!isWatched) {
            if (!apiServer.serves(Resource.RESOURCE_SLICE)) {
                become(State.ABSENT);
                return Optional.of(ASK_EVERY);
            }
            become(State.UNKNOWN);
            cache.startDynamic();
            isWatched = true;
        }
        if (!Resource.DYNAMIC.stream().allMatch(cache::isSynced)) {
            return Optional.of(LOOK_EVERY);
        }
        become(State.READY);
        return Optional.empty();
    }

    private void become(State next) {
        if (next != state) {
            state = next;
            log.atInfo().addKeyValue("state", next).log("dynamic resource allocation");
            listeners.forEach(Runnable::run);
        }
    }
}
