package dev.petiole.scheduler.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A loop that looks at keys. Whoever learns of a change only names the key; the loop then looks at what is now. What
/// fails is tried again after a pause that doubles up to a limit. Thread-safe.
public final class KeyLoop<K> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KeyLoop.class);
    private static final WorkQueue.Backoff BACKOFF =
            new WorkQueue.Backoff(Duration.ofMillis(250), Duration.ofSeconds(15));

    private final String name;
    private final int workers;
    private final Task<K> task;
    private final WorkQueue<K> queue;
    private final List<Thread> threads = new ArrayList<>();

    /// @param workers how many keys are looked at at the same time
    public KeyLoop(String name, int workers, RandomGenerator random, Task<K> task) {
        this.name = name;
        this.workers = workers;
        this.task = task;
        this.queue = new WorkQueue<>(BACKOFF, random);
    }

    /// What is done for a key. It may be repeated at any time.
    @FunctionalInterface
    public interface Task<K> {

        /// @return after which time to look again even if nothing is heard
        Optional<Duration> lookAt(K key) throws InterruptedException;
    }

    /// Has the key looked at as soon as possible.
    public void add(K key) {
        queue.add(key);
    }

    public void start() {
        for (int i = 0; i < workers; i++) {
            threads.add(Thread.ofVirtual().name(name + "-" + i).start(this::run));
        }
    }

    /// Ends the loop; a task that is under way is interrupted.
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        threads.clear();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                lookAt(queue.take());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookAt(K key) throws InterruptedException {
        try {
            Optional<Duration> next = task.lookAt(key);
            queue.succeeded(key);
            next.ifPresent(delay -> queue.addAfter(key, delay));
        } catch (RuntimeException e) {
            Duration pause = queue.failed(key);
            log.atWarn()
                    .addKeyValue("loop", name)
                    .addKeyValue("key", key)
                    .addKeyValue("retryAfter", pause)
                    .addKeyValue("error", e.toString())
                    .setCause(log.isDebugEnabled() || isBug(e) ? e : null)
                    .log("will be tried again");
        }
    }

    private static boolean isBug(RuntimeException e) {
        return e instanceof NullPointerException
                || e instanceof IllegalStateException
                || e instanceof IllegalArgumentException
                || e instanceof ClassCastException
                || e instanceof IndexOutOfBoundsException;
    }
}
