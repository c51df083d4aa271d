package dev.petiole.registry.revision;

import static dev.petiole.registry.LogKeys.ERROR;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Hears of what other replicas have committed, and wakes this one's watchers. On a database of one replica there is
/// nothing to hear.
@Component
final class RevisionNotices implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RevisionNotices.class);

    // How long a lost notice can stay unnoticed, and how long stopping takes at most.
    private static final Duration LOOK_ANYWAY = Duration.ofSeconds(1);

    private final Engine engine;
    private final DataSource database;
    private final RevisionLog revisions;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Thread thread;

    RevisionNotices(Engine engine, DataSource database, RevisionLog revisions) {
        this.engine = engine;
        this.database = database;
        this.revisions = revisions;
    }

    @Override
    public void start() {
        if (engine == Engine.POSTGRESQL) {
            thread = Thread.ofPlatform().name("registry-notices").start(this::run);
        }
    }

    @Override
    public void stop() {
        stopping.countDown();
        Thread running = thread;
        thread = null;
        try {
            if (running != null) {
                running.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /// After the writer has opened the log.
    @Override
    public int getPhase() {
        return 1;
    }

    private void run() {
        boolean isStopping = false;
        while (!isStopping) {
            try {
                listen();
            } catch (SQLException | RuntimeException e) {
                log.atWarn().addKeyValue(ERROR, e.toString()).log("can't hear of other replicas, will try again");
            }
            isStopping = isStoppingWithin(LOOK_ANYWAY);
        }
    }

    private void listen() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("LISTEN " + RevisionStore.CHANNEL);
            try {
                PGConnection notices = connection.unwrap(PGConnection.class);
                while (!isStoppingWithin(Duration.ZERO)) {
                    // What it says does not matter: the log itself is asked.
                    revisions.catchUp();
                    notices.getNotifications((int) LOOK_ANYWAY.toMillis());
                }
            } finally {
                statement.execute("UNLISTEN *");
            }
        }
    }

    private boolean isStoppingWithin(Duration time) {
        try {
            return stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
