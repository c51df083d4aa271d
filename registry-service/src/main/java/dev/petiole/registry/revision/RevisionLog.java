package dev.petiole.registry.revision;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The log as watchers read it: each pulls from its own position at its own pace, so that a slow one costs the others
/// nothing. The newest entries come from memory, older ones from the database. Thread-safe.
@Component
public final class RevisionLog {

    private static final int MAX_TRIMMED_AT_ONCE = 5_000;

    // Watchers may be hundreds, and all behind at once: they must not keep the database's connections from those who
    // write.
    private static final int MAX_READERS = 2;

    // Those who are behind are behind together: what one has read from the database is kept for the others.
    private static final int BLOCK = 200;
    private static final int MAX_BLOCKS = 8;

    private final RevisionStore store;
    private final RevisionProperties properties;
    private final WriteMeters meters;
    private final Semaphore readers = new Semaphore(MAX_READERS, true);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    // Without gaps: revisions of one log follow each other.
    private final ArrayDeque<Change<?>> newest = new ArrayDeque<>();
    private final Map<Long, List<Change<?>>> blocks = new LinkedHashMap<>(MAX_BLOCKS, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, List<Change<?>>> eldest) {
            return size() > MAX_BLOCKS;
        }
    };
    private volatile String epoch = "";
    private volatile long revision;

    RevisionLog(RevisionStore store, RevisionProperties properties, WriteMeters meters) {
        this.store = store;
        this.properties = properties;
        this.meters = meters;
    }

    /// @return the database's identity
    public String epoch() {
        return epoch;
    }

    /// @return the revision of the newest committed entry
    public long revision() {
        return revision;
    }

    public ResourceVersion at(long revision) {
        return new ResourceVersion(epoch, revision);
    }

    /// @return the revision at which to go on after `resourceVersion`
    /// @throws Gone if entries after it are no longer kept, or it is not of this log
    public long resume(String resourceVersion) {
        ResourceVersion position = ResourceVersion.parse(resourceVersion).orElseThrow(() -> new Gone(resourceVersion));
        RevisionStore.State state = store.state();
        if (!position.epoch().equals(state.epoch())
                || position.revision() < state.trimmedTo()
                || position.revision() > state.revision()) {
            throw new Gone(resourceVersion);
        }
        return position.revision();
    }

    /// @return the entries after `position` in order, at most `limit`; empty if there are none yet
    /// @throws Gone if they are no longer kept
    public List<Change<?>> after(long position, int limit) throws InterruptedException {
        if (position >= revision) {
            return List.of();
        }
        List<Change<?>> fromMemory = fromMemory(position, limit);
        if (!fromMemory.isEmpty()) {
            return fromMemory;
        }
        long block = position / BLOCK;
        List<Change<?>> kept = findBlock(block);
        if (kept == null) {
            readers.acquire();
            try {
                kept = findBlock(block);
                if (kept == null) {
                    boolean isComplete = (block + 1) * BLOCK <= revision;
                    kept = isComplete ? readBlock(block, position) : read(position, limit, position);
                }
            } finally {
                readers.release();
            }
        }
        return kept.stream()
                .filter(change -> change.revision() > position)
                .limit(limit)
                .toList();
    }

    private @Nullable List<Change<?>> findBlock(long block) {
        lock.lock();
        try {
            return blocks.get(block);
        } finally {
            lock.unlock();
        }
    }

    /// @param position after which entries are needed
    private List<Change<?>> readBlock(long block, long position) {
        String before = epoch;
        List<Change<?>> changes = read(block * BLOCK, BLOCK, position).stream()
                .filter(change -> change.revision() <= (block + 1) * BLOCK)
                .toList();
        lock.lock();
        try {
            // One of which the beginning has been trimmed is no block any more.
            if (changes.size() == BLOCK && before.equals(epoch)) {
                blocks.put(block, changes);
            }
        } finally {
            lock.unlock();
        }
        return changes;
    }

    private List<Change<?>> read(long after, int limit, long position) {
        List<Change<?>> changes = store.after(after, limit);
        // Asked last: what was trimmed before the query ran is seen here.
        if (store.state().trimmedTo() > position) {
            throw new Gone(at(position).toString());
        }
        return changes;
    }

    /// Blocks until there are entries after `position` or the time is over.
    public void await(long position, Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            if (revision <= position) {
                grown.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Wakes all who wait, whether there is something new or not.
    public void wake() {
        lock.lock();
        try {
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Forgets a bounded number of entries that are too old or too many.
    ///
    /// @return how many
    public int trim(WriteTransaction transaction) {
        var keep = new RevisionStore.Keep(
                transaction.now().minus(properties.keepFor()),
                properties.keepAtMost(),
                properties.keepSize().toBytes());
        int trimmed = store.trim(keep, MAX_TRIMMED_AT_ONCE);
        transaction.afterCommit(() -> meters.trimmed(trimmed));
        return trimmed;
    }

    void begin(RevisionStore.State state) {
        lock.lock();
        try {
            newest.clear();
            blocks.clear();
            epoch = state.epoch();
            revision = state.revision();
        } finally {
            lock.unlock();
        }
    }

    /// Makes committed entries visible to watchers, unless they are already. What another replica has committed in
    /// between is read once here, not by each watcher.
    void publish(List<Change<?>> changes) {
        if (changes.getFirst().revision() > revision + 1) {
            catchUp();
        } else {
            append(changes);
        }
    }

    private void append(List<Change<?>> changes) {
        lock.lock();
        try {
            for (Change<?> change : changes) {
                if (change.revision() <= revision) {
                    continue;
                }
                if (change.revision() > revision + 1) {
                    // Those in between are no longer kept, or this replica is far behind.
                    newest.clear();
                }
                newest.addLast(change);
                if (newest.size() > properties.cached()) {
                    newest.removeFirst();
                }
                revision = change.revision();
            }
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Makes visible what other replicas have committed.
    void catchUp() {
        RevisionStore.State state = store.state();
        long behind = state.revision() - revision;
        if (!state.epoch().equals(epoch)) {
            begin(state);
            wake();
        } else if (behind > 0 && behind <= properties.cached()) {
            append(store.after(revision, properties.cached()));
        } else if (behind > 0) {
            skipTo(state.revision());
        }
    }

    private void skipTo(long target) {
        lock.lock();
        try {
            if (target > revision) {
                newest.clear();
                revision = target;
                grown.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private List<Change<?>> fromMemory(long position, int limit) {
        lock.lock();
        try {
            if (newest.isEmpty() || newest.getFirst().revision() > position + 1) {
                return List.of();
            }
            List<Change<?>> changes = new ArrayList<>();
            // From the end, since those who read are nearly always there.
            var backwards = newest.descendingIterator();
            while (backwards.hasNext()) {
                Change<?> change = backwards.next();
                if (change.revision() <= position) {
                    break;
                }
                changes.add(change);
            }
            List<Change<?>> inOrder = changes.reversed();
            return List.copyOf(inOrder.subList(0, Math.min(limit, inOrder.size())));
        } finally {
            lock.unlock();
        }
    }
}
