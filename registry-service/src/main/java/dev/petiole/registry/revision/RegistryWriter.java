package dev.petiole.registry.revision;

import static dev.petiole.registry.LogKeys.EPOCH;
import static dev.petiole.registry.LogKeys.ERROR;
import static dev.petiole.registry.LogKeys.REVISION;

import dev.petiole.registry.problem.Overloaded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/// The only way to change anything: one thread of each replica takes whatever writes wait, runs them in one
/// transaction that holds the revision counter, and tells their callers and the watchers after the commit. So
/// commit order is revision order over all replicas, and many small writes cost one flush to disk.
@Component
public final class RegistryWriter implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RegistryWriter.class);

    private static final long MAX_WAIT_FOR_ROOM_SECONDS = 2;
    private static final String EPOCH_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int EPOCH_LENGTH = 10;

    private final RevisionStore store;
    private final RevisionLog revisions;
    private final Attendance attendance;
    private final ObjectProvider<EpochListener> epochListeners;
    private final TransactionTemplate transactions;
    private final RegistryClock clock;
    private final RandomGenerator random;
    private final WriteMeters meters;
    private final int batchSize;
    private final BlockingQueue<Pending<?>> queue;
    private volatile boolean isAccepting;
    private @Nullable Thread thread;

    RegistryWriter(
            RevisionStore store,
            RevisionLog revisions,
            Attendance attendance,
            ObjectProvider<EpochListener> epochListeners,
            RevisionProperties properties,
            PlatformTransactionManager transactionManager,
            RegistryClock clock,
            RandomGenerator random,
            WriteMeters meters) {
        this.store = store;
        this.revisions = revisions;
        this.attendance = attendance;
        this.epochListeners = epochListeners;
        this.transactions = new TransactionTemplate(transactionManager);
        this.clock = clock;
        this.random = random;
        this.batchSize = properties.batch();
        this.queue = new ArrayBlockingQueue<>(properties.queue());
        this.meters = meters;
        meters.watch(queue::size);
        meters.show(revisions);
    }

    /// Runs `write` and returns once it is committed. What it throws is thrown here, and then nothing has changed.
    public <R extends @Nullable Object> R write(Write<R> write) {
        var pending = new Pending<>(write);
        enqueue(pending);
        if (!isAccepting && queue.remove(pending)) {
            throw stopping();
        }
        return pending.await();
    }

    @Override
    public void start() {
        store.initialize();
        openEpoch();
        RevisionStore.State state = store.state();
        revisions.begin(state);
        isAccepting = true;
        thread = Thread.ofPlatform().name("registry-writer").start(this::run);
        log.atInfo()
                .addKeyValue(EPOCH, state.epoch())
                .addKeyValue(REVISION, state.revision())
                .log("registry opened");
    }

    /// Of several replicas that start at the same time, one does it.
    private void openEpoch() {
        var opening = new Pending<>(transaction -> {
            boolean isNew = store.beginEpoch(newEpoch());
            if (isNew) {
                epochListeners.forEach(listener -> listener.epochBegins(transaction));
            }
            return isNew;
        });
        commit(List.of(opening));
        opening.await();
    }

    @Override
    public void stop() {
        isAccepting = false;
        Thread running = thread;
        thread = null;
        if (running == null) {
            return;
        }
        // Never interrupted: H2 closes its file when the thread that reads or writes it is.
        var last = new Pending<@Nullable Void>(_ -> null);
        try {
            queue.put(last);
            running.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /// Before the web server takes requests, and after it has served them.
    @Override
    public int getPhase() {
        return 0;
    }

    private void enqueue(Pending<?> pending) {
        try {
            if (!isAccepting) {
                throw stopping();
            }
            if (!queue.offer(pending, MAX_WAIT_FOR_ROOM_SECONDS, TimeUnit.SECONDS)) {
                throw new Overloaded("Too many writes wait; try again in a moment.");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw stopping();
        }
    }

    private static Overloaded stopping() {
        return new Overloaded("The registry is starting or stopping; try again in a moment.");
    }

    private void run() {
        List<Pending<?>> batch = new ArrayList<>(batchSize);
        while (isAccepting || !queue.isEmpty()) {
            try {
                batch.add(queue.take());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
            queue.drainTo(batch, batchSize - 1);
            commit(batch);
            batch.clear();
        }
    }

    private void commit(List<Pending<?>> batch) {
        try {
            Batch done = meters.measured(batch.size(), () -> transactions.execute(status -> runAll(batch, status)));
            if (!done.changes.isEmpty()) {
                revisions.publish(done.changes);
            }
            batch.forEach(Pending::complete);
            done.afterCommit.forEach(Runnable::run);
        } catch (RuntimeException e) {
            log.atError().addKeyValue(ERROR, e.toString()).setCause(e).log("commit failed");
            // Whether it was committed is not known if the database went away meanwhile. Any write may be repeated.
            batch.forEach(pending ->
                    pending.fail(new Overloaded("The database does not answer as it should; try again in a moment.")));
        }
    }

    private Batch runAll(List<Pending<?>> pendings, TransactionStatus status) {
        RevisionStore.Held held = store.hold();
        if (!held.epoch().equals(revisions.epoch())) {
            revisions.begin(store.state());
        }
        clock.set(held.now());
        attendance.load(held);
        var batch = new Batch(held.revision(), held.now());
        for (Pending<?> pending : pendings) {
            Object savepoint = status.createSavepoint();
            Batch.Mark mark = batch.mark();
            try {
                pending.run(batch);
            } catch (RuntimeException e) {
                status.rollbackToSavepoint(savepoint);
                batch.backTo(mark);
                pending.refuse(e);
            }
            status.releaseSavepoint(savepoint);
        }
        if (!batch.changes.isEmpty()) {
            store.append(batch.changes, batch.now);
        }
        return batch;
    }

    private String newEpoch() {
        var epoch = new StringBuilder(EPOCH_LENGTH);
        for (int i = 0; i < EPOCH_LENGTH; i++) {
            epoch.append(EPOCH_ALPHABET.charAt(random.nextInt(EPOCH_ALPHABET.length())));
        }
        return epoch.toString();
    }

    /// The writes of one transaction.
    private static final class Batch implements WriteTransaction {

        private final Instant now;
        private final List<Change<?>> changes = new ArrayList<>();
        private final List<Runnable> afterCommit = new ArrayList<>();
        private long revision;

        Batch(long revision, Instant now) {
            this.revision = revision;
            this.now = now;
        }

        record Mark(long revision, int changes, int actions) {}

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public <T> long log(Kind<T> kind, String key, @Nullable Versioned<T> before, @Nullable T after) {
            revision++;
            changes.add(new Change<>(revision, kind, key, before, after));
            return revision;
        }

        @Override
        public void afterCommit(Runnable action) {
            afterCommit.add(action);
        }

        Mark mark() {
            return new Mark(revision, changes.size(), afterCommit.size());
        }

        void backTo(Mark mark) {
            revision = mark.revision();
            changes.subList(mark.changes(), changes.size()).clear();
            afterCommit.subList(mark.actions(), afterCommit.size()).clear();
        }
    }

    /// A write and the caller who waits for it.
    private static final class Pending<R extends @Nullable Object> {

        private final Write<R> write;
        private final CountDownLatch done = new CountDownLatch(1);
        private @Nullable R result;
        private @Nullable RuntimeException failure;

        Pending(Write<R> write) {
            this.write = write;
        }

        void run(WriteTransaction transaction) {
            result = write.run(transaction);
        }

        void refuse(RuntimeException reason) {
            failure = reason;
        }

        void complete() {
            done.countDown();
        }

        void fail(RuntimeException reason) {
            failure = reason;
            done.countDown();
        }

        @SuppressWarnings("NullAway") // A write that ran has a result of its own type, which may be null only if R is.
        R await() {
            try {
                done.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw stopping();
            }
            if (failure != null) {
                throw failure;
            }
            return result;
        }
    }
}
