package dev.petiole.registry.revision;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Keeps H2's file from growing without end. H2 writes a change at the file's end, and reuses a part of the file once
/// nothing in it is current. Its own thread, which moves the current rest of such parts together, does not run where
/// every commit is written at once (`WRITE_DELAY=0`); so this does.
@Component
final class H2Housekeeping implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(H2Housekeeping.class);
    // Between two looks where there is nothing to move, and between two moves.
    private static final Duration AT_REST = Duration.ofSeconds(2);
    private static final Duration AT_WORK = Duration.ofMillis(250);

    // In percent of what is used of the file. H2's own thread, while the database is in use, is content with less.
    private static final int TARGET_FILL_RATE = 50;
    // Commits wait while it is moved, some 10 ms for the least. A part with more current than the limit is not moved
    // at all, so that the limit grows where nothing smaller is left.
    private static final int LEAST_MOVED_BYTES = 128 * 1024;
    private static final int MOST_MOVED_BYTES = 16 * 1024 * 1024;

    private final Engine engine;
    private final DataSource dataSource;
    private @Nullable CountDownLatch stopping;
    private @Nullable Thread thread;

    H2Housekeeping(Engine engine, DataSource dataSource) {
        this.engine = engine;
        this.dataSource = dataSource;
    }

    @Override
    public synchronized void start() {
        if (engine != Engine.H2 || thread != null) {
            return;
        }
        var ended = new CountDownLatch(1);
        stopping = ended;
        thread = Thread.ofPlatform().daemon().name("h2-housekeeping").start(() -> run(ended));
    }

    /// Never interrupted: H2 closes its file when the thread that reads or writes it is.
    @Override
    public void stop() {
        Thread running;
        synchronized (this) {
            if (stopping == null || thread == null) {
                return;
            }
            stopping.countDown();
            running = thread;
            thread = null;
        }
        try {
            running.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }

    private void run(CountDownLatch ended) {
        try {
            Duration pause = AT_REST;
            while (!ended.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = tidy() ? AT_WORK : AT_REST;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return whether anything was moved, so that there may be more to move
    private boolean tidy() {
        try (Connection connection = dataSource.getConnection()) {
            if (connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session) {
                MVStore store = session.getDatabase().getStore().getMvStore();
                for (int bytes = LEAST_MOVED_BYTES; bytes <= MOST_MOVED_BYTES; bytes *= 2) {
                    if (store.compact(TARGET_FILL_RATE, bytes)) {
                        return true;
                    }
                }
            }
        } catch (SQLException | RuntimeException e) {
            // Nothing is lost but space, for now.
            log.atWarn().addKeyValue("error", e.toString()).log("database file not tidied");
        }
        return false;
    }
}
