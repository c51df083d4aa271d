package dev.petiole.registry.revision;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
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

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;
    private final Bodies bodies;
    private final Map<String, Kind<?>> kinds;

    RevisionStore(JdbcClient jdbc, JdbcTemplate batches, Bodies bodies, List<Kind<?>> kinds) {
        this.jdbc = jdbc;
        this.batches = batches;
        this.bodies = bodies;
        this.kinds = kinds.stream().collect(Collectors.toMap(Kind::name, Function.identity()));
    }

    /// @param trimmedTo the newest entry that is no longer kept; 0 if all are
    record State(String epoch, long revision, long trimmedTo) {}

    /// Gives a new database its epoch.
    void initialize(String newEpoch) {
        jdbc.sql("""
                        INSERT INTO registry_state (id, epoch, revision, trimmed_to)
                        SELECT 1, :epoch, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM registry_state)""").param("epoch", newEpoch).update();
    }

    State state() {
        return jdbc.sql("SELECT epoch, revision, trimmed_to FROM registry_state WHERE id = 1")
                .query((row, _) -> new State(row.getString(1), row.getLong(2), row.getLong(3)))
                .single();
    }

    /// Keeps all other writers out until the transaction ends.
    long lock() {
        return jdbc.sql("SELECT revision FROM registry_state WHERE id = 1 FOR UPDATE")
                .query(Long.class)
                .single();
    }

    void advance(long revision) {
        jdbc.sql("UPDATE registry_state SET revision = :revision WHERE id = 1")
                .param("revision", revision)
                .update();
    }

    void append(List<Change<?>> changes, long nowMillis) {
        batches.batchUpdate("""
                INSERT INTO revision_log (revision, kind, item_key, logged_at, before_revision, before_body, after_body)
                VALUES (?, ?, ?, ?, ?, ?, ?)""", changes, 100, (statement, change) -> {
            Versioned<?> before = change.before();
            statement.setLong(1, change.revision());
            statement.setString(2, change.kind().name());
            statement.setString(3, change.key());
            statement.setLong(4, nowMillis);
            if (before == null) {
                statement.setNull(5, Types.BIGINT);
            } else {
                statement.setLong(5, before.revision());
            }
            statement.setString(6, before == null ? null : bodies.write(before.value()));
            statement.setString(7, change.after() == null ? null : bodies.write(change.after()));
        });
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

    /// Forgets at most `limit` entries that are older than `beforeMillis` or more than `keepAtMost` revisions ago.
    ///
    /// @return how many
    int trim(long beforeMillis, long keepAtMost, int limit) {
        State state = state();
        long ceiling = Math.min(state.revision(), state.trimmedTo() + limit);
        Long tooOld = jdbc.sql("""
                        SELECT MAX(revision) FROM revision_log
                        WHERE revision > :from AND revision <= :ceiling AND logged_at < :before""")
                .param("from", state.trimmedTo())
                .param("ceiling", ceiling)
                .param("before", beforeMillis)
                .query((row, _) -> row.getLong(1))
                .single();
        long target = Math.max(tooOld, Math.min(ceiling, state.revision() - keepAtMost));
        if (target <= state.trimmedTo()) {
            return 0;
        }
        jdbc.sql("UPDATE registry_state SET trimmed_to = :target WHERE id = 1")
                .param("target", target)
                .update();
        return jdbc.sql("DELETE FROM revision_log WHERE revision <= :target")
                .param("target", target)
                .update();
    }

    private Change<?> change(ResultSet row, int number) throws SQLException {
        String name = row.getString(2);
        Kind<?> kind = Objects.requireNonNull(kinds.get(name), () -> "unknown kind in the log: " + name);
        return change(row, kind);
    }

    private <T> Change<T> change(ResultSet row, Kind<T> kind) throws SQLException {
        String before = row.getString(5);
        long beforeRevision = row.getLong(4);
        return new Change<>(
                row.getLong(1),
                kind,
                row.getString(3),
                before == null ? null : new Versioned<>(bodies.read(before, kind.type()), beforeRevision),
                read(row.getString(6), kind));
    }

    private <T> @Nullable T read(@Nullable String body, Kind<T> kind) {
        return body == null ? null : bodies.read(body, kind.type());
    }
}
