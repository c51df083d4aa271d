package dev.petiole.scheduler.queue;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// Keys that are to be looked at: each at most once at a time, and again if it was added meanwhile. Its size is bounded
/// by the number of distinct keys. Thread-safe.
final class WorkQueue<K> {

    private final Backoff backoff;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<K> ready = new LinkedHashSet<>();
    private final Set<K> inWork = new HashSet<>();
    private final Set<K> again = new HashSet<>();
    private final Map<K, Long> delayed = new HashMap<>();
    private final Map<K, Integer> failures = new HashMap<>();

    WorkQueue(Backoff backoff, RandomGenerator random) {
        this.backoff = backoff;
        this.random = random;
    }

    /// Has the key looked at as soon as possible.
    void add(K key) {
        lock.lock();
        try {
            delayed.remove(key);
            if (inWork.contains(key)) {
                again.add(key);
            } else {
                ready.add(key);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Has the key looked at after `delay`, unless it is sooner anyway.
    void addAfter(K key, Duration delay) {
        lock.lock();
        try {
            delayed.merge(key, System.nanoTime() + delay.toNanos(), Math::min);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Blocks until there is a key to look at; its taker must call [#succeeded] or [#failed].
    K take() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                long nanosToNext = releaseDue();
                if (!ready.isEmpty()) {
                    K key = ready.iterator().next();
                    ready.remove(key);
                    inWork.add(key);
                    return key;
                }
                if (nanosToNext == Long.MAX_VALUE) {
                    changed.await();
                } else {
                    changed.awaitNanos(nanosToNext);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void succeeded(K key) {
        lock.lock();
        try {
            failures.remove(key);
            done(key);
        } finally {
            lock.unlock();
        }
    }

    /// Has the key looked at again after a pause that doubles with each failure in a row.
    ///
    /// @return the pause
    Duration failed(K key) {
        lock.lock();
        try {
            int count = failures.merge(key, 1, Integer::sum);
            Duration pause = backoff.after(count, random);
            delayed.merge(key, System.nanoTime() + pause.toNanos(), Math::min);
            done(key);
            return pause;
        } finally {
            lock.unlock();
        }
    }

    private void done(K key) {
        inWork.remove(key);
        if (again.remove(key)) {
            ready.add(key);
        }
        changed.signal();
    }

    /// @return nanoseconds to the next delayed key, `Long.MAX_VALUE` if there is none
    private long releaseDue() {
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        var due = new HashSet<K>();
        for (Map.Entry<K, Long> entry : delayed.entrySet()) {
            long left = entry.getValue() - now;
            if (left <= 0) {
                due.add(entry.getKey());
            } else {
                next = Math.min(next, left);
            }
        }
        due.forEach(this::release);
        return next;
    }

    private void release(K key) {
        delayed.remove(key);
        if (inWork.contains(key)) {
            again.add(key);
        } else {
            ready.add(key);
        }
    }

    /// How long to wait before something that failed is tried again.
    record Backoff(Duration first, Duration max) {

        private static final int MAX_DOUBLINGS = 20;

        /// @return between half and all of the pause that doubles with each failure, so that many don't come at once
        Duration after(int failures, RandomGenerator random) {
            long full = Math.min(
                    first.toMillis() << Math.min(failures - 1, MAX_DOUBLINGS), TimeUnit.MILLISECONDS.convert(max));
            return Duration.ofMillis(random.nextLong(full / 2, full + 1));
        }
    }
}
