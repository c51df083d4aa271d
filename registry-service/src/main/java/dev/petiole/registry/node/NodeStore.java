package dev.petiole.registry.node;

import dev.petiole.api.node.Node.LeaseState;
import dev.petiole.registry.revision.Bodies;
import dev.petiole.registry.revision.Versioned;
import dev.petiole.registry.revision.WriteTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The tables `node` and `cluster`.
@Component
final class NodeStore {

    private static final String COLUMNS = "SELECT body, revision, session FROM node ";

    private final JdbcClient jdbc;
    private final Bodies bodies;

    NodeStore(JdbcClient jdbc, Bodies bodies) {
        this.jdbc = jdbc;
        this.bodies = bodies;
    }

    /// @param session the newest one; null if there was none yet
    record Row(Versioned<NodeRecord> node, @Nullable String session) {

        NodeRecord value() {
            return node.value();
        }
    }

    Optional<Row> find(String name) {
        return jdbc.sql(COLUMNS + "WHERE name = :name")
                .param("name", name)
                .query(this::row)
                .optional();
    }

    List<Row> list() {
        return jdbc.sql(COLUMNS + "ORDER BY name").query(this::row).list();
    }

    int count(LeaseState state) {
        String condition = switch (state) {
            case NONE -> "session IS NULL";
            case ACTIVE -> "session IS NOT NULL AND expires_at IS NOT NULL";
            case EXPIRED -> "session IS NOT NULL AND expires_at IS NULL";
        };
        return jdbc.sql("SELECT COUNT(*) FROM node WHERE " + condition)
                .query(Integer.class)
                .single();
    }

    List<Row> listAfter(String name, int limit) {
        return jdbc.sql(COLUMNS + "WHERE name > :name ORDER BY name FETCH FIRST :limit ROWS ONLY")
                .param("name", name)
                .param("limit", limit)
                .query(this::row)
                .list();
    }

    List<Row> listExpired(Instant now, int limit) {
        return jdbc.sql(COLUMNS + "WHERE expires_at <= :now ORDER BY expires_at FETCH FIRST :limit ROWS ONLY")
                .param("now", now.toEpochMilli())
                .param("limit", limit)
                .query(this::row)
                .list();
    }

    /// A lower bound passes over nodes without a lease, which `IS NOT NULL` does not on H2.
    Optional<Instant> findNextExpiry() {
        return jdbc.sql("SELECT expires_at FROM node WHERE expires_at >= 0 ORDER BY expires_at FETCH FIRST ROW ONLY")
                .query((row, _) -> Instant.ofEpochMilli(row.getLong(1)))
                .optional();
    }

    /// Writes the record and logs it, if it differs.
    void put(WriteTransaction transaction, @Nullable Versioned<NodeRecord> before, NodeRecord after) {
        if (before != null && before.value().equals(after)) {
            return;
        }
        long revision = transaction.log(NodeRecord.KIND, after.name(), before, after);
        if (before == null) {
            jdbc.sql("INSERT INTO node (name, revision, body, usage_sequence) VALUES (:name, :revision, :body, 0)")
                    .param("name", after.name())
                    .param("revision", revision)
                    .param("body", bodies.write(after))
                    .update();
        } else {
            jdbc.sql("UPDATE node SET revision = :revision, body = :body WHERE name = :name")
                    .param("name", after.name())
                    .param("revision", revision)
                    .param("body", bodies.write(after))
                    .update();
        }
    }

    void remove(WriteTransaction transaction, Versioned<NodeRecord> node) {
        transaction.log(NodeRecord.KIND, node.value().name(), node, null);
        jdbc.sql("DELETE FROM node WHERE name = :name")
                .param("name", node.value().name())
                .update();
    }

    void beginSession(String name, String session, Instant expiresAt) {
        jdbc.sql("UPDATE node SET session = :session, expires_at = :expires, usage_sequence = 0 WHERE name = :name")
                .param("name", name)
                .param("session", session)
                .param("expires", expiresAt.toEpochMilli())
                .update();
    }

    void extendLease(String name, Instant expiresAt) {
        jdbc.sql("UPDATE node SET expires_at = :expires WHERE name = :name")
                .param("name", name)
                .param("expires", expiresAt.toEpochMilli())
                .update();
    }

    void endLease(String name) {
        jdbc.sql("UPDATE node SET expires_at = NULL WHERE name = :name")
                .param("name", name)
                .update();
    }

    void extendAllLeases(Instant expiresAt) {
        jdbc.sql("UPDATE node SET expires_at = :expires WHERE expires_at IS NOT NULL")
                .param("expires", expiresAt.toEpochMilli())
                .update();
    }

    /// @return whether `sequence` is newer than all before
    boolean advanceUsage(String name, long sequence) {
        return jdbc.sql("UPDATE node SET usage_sequence = :sequence WHERE name = :name AND usage_sequence < :sequence")
                        .param("name", name)
                        .param("sequence", sequence)
                        .update()
                == 1;
    }

    Optional<String> findCluster() {
        return jdbc.sql("SELECT uid FROM cluster WHERE id = 1")
                .query(String.class)
                .optional();
    }

    void setCluster(String uid) {
        jdbc.sql("INSERT INTO cluster (id, uid) VALUES (1, :uid)")
                .param("uid", uid)
                .update();
    }

    private Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                new Versioned<>(bodies.read(row.getString(1), NodeRecord.class), row.getLong(2)), row.getString(3));
    }
}
