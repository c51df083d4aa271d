package dev.petiole.registry.revision;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The tables of the log.
@Component
final class RevisionStore {

    /// The channel on which replicas tell each other of new revisions.
    static final String CHANNEL = "petiole_revision";

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;
    private final Bodies bodies;
    private final Engine engine;
    private final Clock clock;
    private final Map<String, Kind<?>> kinds;

    RevisionStore(
            JdbcClient jdbc, JdbcTemplate batches, Bodies bodies, Engine engine, Clock clock, List<Kind<?>> kinds) {
        this.jdbc = jdbc;
        this.batches = batches;
        this.bodies = bodies;
        this.engine = engine;
        this.clock = clock;
        this.kinds = kinds.stream().collect(Collectors.toMap(Kind::name, Function.identity()));
    }

    /// @param trimmedTo the newest entry that is no longer kept; 0 if all are
    record State(String epoch, long revision, long trimmedTo) {}

    /// Gives a new database its state, yet without an epoch.
    void initialize() {
        jdbc.sql("""
                        INSERT INTO registry_state (id, epoch, revision, trimmed_to)
                        SELECT 1, '', 0, 0 WHERE NOT EXISTS (SELECT 1 FROM registry_state)""").update();
    }

    /// Gives a new or restored database its epoch.
    ///
    /// @return whether it had none
    boolean beginEpoch(String epoch) {
        return jdbc.sql("UPDATE registry_state SET epoch = :epoch WHERE id = 1 AND epoch = ''")
                        .param("epoch", epoch)
                        .update()
                == 1;
    }

    State state() {
        return jdbc.sql("SELECT epoch, revision, trimmed_to FROM registry_state WHERE id = 1")
                .query((row, _) -> new State(row.getString(1), row.getLong(2), row.getLong(3)))
                .single();
    }

    /// @param characters of all entries together
    record Extent(long entries, long characters) {}

    /// @return how much of the log is kept
    Extent extent() {
        return jdbc.sql("SELECT revision - trimmed_to, log_size FROM registry_state WHERE id = 1")
                .query((row, _) -> new Extent(row.getLong(1), row.getLong(2)))
                .single();
    }

    /// What a writer finds when all other writers, of this replica and of others, are kept out.
    ///
    /// @param now the time by the database, in whole milliseconds
    record Held(String epoch, long revision, Instant presentAt, Instant presentSince, Instant now) {}

    /// Keeps all other writers out until the transaction ends.
    Held hold() {
        return jdbc.sql("""
                        SELECT epoch, revision, present_at, present_since FROM registry_state
                        WHERE id = 1 FOR UPDATE""")
                .query((row, _) -> new Held(
                        row.getString(1),
                        row.getLong(2),
                        Instant.ofEpochMilli(row.getLong(3)),
                        Instant.ofEpochMilli(row.getLong(4)),
                        now()))
                .single();
    }

    void setPresence(Instant at, Instant since) {
        jdbc.sql("UPDATE registry_state SET present_at = :at, present_since = :since WHERE id = 1")
                .param("at", at.toEpochMilli())
                .param("since", since.toEpochMilli())
                .update();
    }

    private void advance(long revision, long size) {
        jdbc.sql("UPDATE registry_state SET revision = :revision, log_size = log_size + :size WHERE id = 1")
                .param("revision", revision)
                .param("size", size)
                .update();
        if (engine == Engine.POSTGRESQL) {
            jdbc.sql("SELECT pg_notify(:channel, :revision)")
                    .param("channel", CHANNEL)
                    .param("revision", String.valueOf(revision))
                    .query((_, _) -> true)
                    .single();
        }
    }

    /// Asked after the lock was waited for, in a statement of its own: it is the time of this writer's turn.
    private Instant now() {
        return switch (engine) {
            // In this process: its clock is ours.
            case H2 -> clock.instant().truncatedTo(ChronoUnit.MILLIS);
            case POSTGRESQL ->
                jdbc.sql("SELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT)")
                        .query((row, _) -> Instant.ofEpochMilli(row.getLong(1)))
                        .single();
        };
    }

    /// Appends to the log and tells the other replicas, once this is committed.
    void append(List<Change<?>> changes, Instant now) {
        List<Entry> entries = changes.stream().map(this::entry).toList();
        batches.batchUpdate("""
                INSERT INTO revision_log
                (revision, kind, item_key, logged_at, before_revision, before_body, after_body, size)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""", entries, 100, (statement, entry) -> {
            statement.setLong(1, entry.change().revision());
            statement.setString(2, entry.change().kind().name());
            statement.setString(3, entry.change().key());
            statement.setLong(4, now.toEpochMilli());
            Versioned<?> before = entry.change().before();
            statement.setObject(5, before == null ? null : before.revision(), Types.BIGINT);
            statement.setString(6, entry.before());
            statement.setString(7, entry.after());
            statement.setInt(8, entry.size());
        });
        advance(
                changes.getLast().revision(),
                entries.stream().mapToLong(Entry::size).sum());
    }

    /// @return the entries after `revision` in order, at most `limit`
    List<Change<?>> after(long revision, int limit) {
        return jdbc.sql("""
                        SELECT revision, kind, item_key, before_revision, before_body, after_body FROM revision_log
                        WHERE revision > :revision ORDER BY revision FETCH FIRST :limit ROWS ONLY""")
                .param("revision", revision)
                .param("limit", limit)
                .query(this::change)
                .list();
    }

    /// What is kept of the log.
    ///
    /// @param entries how many of the newest
    /// @param size how many characters at most
    record Keep(Instant notBefore, long entries, long size) {}

    /// Forgets at most `limit` of the entries that need not be kept.
    ///
    /// @return how many
    int trim(Keep keep, int limit) {
        Trimmed trimmed = jdbc.sql("SELECT revision, trimmed_to, log_size FROM registry_state WHERE id = 1")
                .query((row, _) -> new Trimmed(row.getLong(1), row.getLong(2), row.getLong(3)))
                .single();
        long surplus = trimmed.size() - keep.size();
        Trimmed after = trimmed;
        for (Oldest entry : oldest(trimmed.to(), limit)) {
            boolean isKept = entry.loggedAt() >= keep.notBefore().toEpochMilli()
                    && entry.revision() > trimmed.revision() - keep.entries()
                    && trimmed.size() - after.size() >= surplus;
            if (isKept) {
                break;
            }
            after = new Trimmed(after.revision(), entry.revision(), after.size() - entry.size());
        }
        if (after.to() == trimmed.to()) {
            return 0;
        }
        jdbc.sql("UPDATE registry_state SET trimmed_to = :target, log_size = :size WHERE id = 1")
                .param("target", after.to())
                .param("size", after.size())
                .update();
        return jdbc.sql("DELETE FROM revision_log WHERE revision <= :target")
                .param("target", after.to())
                .update();
    }

    private record Trimmed(long revision, long to, long size) {}

    private record Oldest(long revision, long loggedAt, int size) {}

    private List<Oldest> oldest(long after, int limit) {
        return jdbc.sql("""
                        SELECT revision, logged_at, size FROM revision_log
                        WHERE revision > :after ORDER BY revision FETCH FIRST :limit ROWS ONLY""")
                .param("after", after)
                .param("limit", limit)
                .query((row, _) -> new Oldest(row.getLong(1), row.getLong(2), row.getInt(3)))
                .list();
    }

    /// A change as it is stored: `before` as what `after` has to be patched with.
    private record Entry(
            Change<?> change,
            @Nullable String before,
            @Nullable String after) {

        int size() {
            return change.key().length()
                    + (before == null ? 0 : before.length())
                    + (after == null ? 0 : after.length());
        }
    }

    private Entry entry(Change<?> change) {
        Versioned<?> before = change.before();
        String after = change.after() == null ? null : bodies.write(change.after());
        String patch = before == null ? null : Patch.between(after == null ? "" : after, bodies.write(before.value()));
        return new Entry(change, patch, after);
    }

    private Change<?> change(ResultSet row, int number) throws SQLException {
        String name = row.getString(2);
        Kind<?> kind = Objects.requireNonNull(kinds.get(name), () -> "unknown kind in the log: " + name);
        return change(row, kind);
    }

    private <T> Change<T> change(ResultSet row, Kind<T> kind) throws SQLException {
        String patch = row.getString(5);
        String after = row.getString(6);
        Versioned<T> before = null;
        if (patch != null) {
            String body = Patch.apply(after == null ? "" : after, patch);
            before = new Versioned<>(bodies.read(body, kind.type()), row.getLong(4));
        }
        return new Change<>(
                row.getLong(1), kind, row.getString(3), before, after == null ? null : bodies.read(after, kind.type()));
    }
}
