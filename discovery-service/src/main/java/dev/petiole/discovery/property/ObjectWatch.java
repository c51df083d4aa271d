package dev.petiole.discovery.property;

import static dev.petiole.discovery.LogKeys.ERROR;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits, on a virtual thread of its own, for one change of an object.
final class ObjectWatch {

    private static final Logger log = LoggerFactory.getLogger(ObjectWatch.class);

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final AtomicBoolean isGranted = new AtomicBoolean(true);
    private final Thread thread;

    private ObjectWatch(KubernetesObjects objects, ObjectRef ref, @Nullable String resourceVersion, Runnable onEnd) {
        this.thread = Thread.ofVirtual().name("watch-" + ref.name()).unstarted(() -> {
            try {
                follow(objects, ref, resourceVersion);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            onEnd.run();
        });
    }

    /// @param onEnd called when the object has changed, or the watch has ended otherwise; it must only note
    ///     that there is something to do
    static ObjectWatch start(
            KubernetesObjects objects, ObjectRef ref, @Nullable String resourceVersion, Runnable onEnd) {
        var watch = new ObjectWatch(objects, ref, resourceVersion, onEnd);
        watch.thread.start();
        return watch;
    }

    private void follow(KubernetesObjects objects, ObjectRef ref, @Nullable String resourceVersion)
            throws InterruptedException {
        long begin = System.nanoTime();
        try {
            isGranted.set(objects.awaitChange(ref, resourceVersion));
        } catch (IOException e) {
            log.atDebug()
                    .addKeyValue("object", ref)
                    .addKeyValue(ERROR, e.toString())
                    .log("watch ended");
        }
        if (System.nanoTime() - begin < SHORTEST.toNanos()) {
            // A watch that ends at once, again and again, must not keep the node busy. Never counted down.
            boolean _ = new CountDownLatch(1).await(SHORTEST.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    boolean hasEnded() {
        return !thread.isAlive();
    }

    /// @return false once it is known that changes are not told
    boolean isGranted() {
        return isGranted.get();
    }

    void close() {
        thread.interrupt();
    }
}
