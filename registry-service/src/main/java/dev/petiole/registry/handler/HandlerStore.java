package dev.petiole.registry.handler;

import dev.petiole.registry.revision.Bodies;
import dev.petiole.registry.revision.Versioned;
import dev.petiole.registry.revision.WriteTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The tables `handler` and `handler_report`.
@Component
final class HandlerStore {

    private final JdbcClient jdbc;
    private final Bodies bodies;

    HandlerStore(JdbcClient jdbc, Bodies bodies) {
        this.jdbc = jdbc;
        this.bodies = bodies;
    }

    Optional<Versioned<HandlerRecord>> find(String node, String name) {
        return jdbc.sql("SELECT body, revision FROM handler WHERE node = :node AND name = :name")
                .param("node", node)
                .param("name", name)
                .query(this::row)
                .optional();
    }

    List<Versioned<HandlerRecord>> listOn(String node) {
        return jdbc.sql("SELECT body, revision FROM handler WHERE node = :node ORDER BY name")
                .param("node", node)
                .query(this::row)
                .list();
    }

    List<Versioned<HandlerRecord>> listNamed(String name) {
        return jdbc.sql("SELECT body, revision FROM handler WHERE name = :name ORDER BY node")
                .param("name", name)
                .query(this::row)
                .list();
    }

    List<String> names() {
        return jdbc.sql("SELECT DISTINCT name FROM handler ORDER BY name")
                .query((row, _) -> row.getString(1))
                .list();
    }

    /// @param position node and name of the last one not to be listed
    /// @param filter null lets everything through
    List<Versioned<HandlerRecord>> listAfter(List<String> position, Handlers.Filter filter, int limit) {
        String condition = (filter.node() == null ? "" : " AND node = :onlyNode")
                + (filter.name() == null ? "" : " AND name = :onlyName");
        JdbcClient.StatementSpec query = jdbc.sql("""
                        SELECT body, revision FROM handler WHERE (node, name) > (:node, :name) %s
                        ORDER BY node, name FETCH FIRST :limit ROWS ONLY""".formatted(condition))
                .param("node", position.get(0))
                .param("name", position.get(1))
                .param("limit", limit);
        query = filter.node() == null ? query : query.param("onlyNode", filter.node());
        query = filter.name() == null ? query : query.param("onlyName", filter.name());
        return query.query(this::row).list();
    }

    /// Writes the record and logs it, if it differs.
    void put(WriteTransaction transaction, @Nullable Versioned<HandlerRecord> before, HandlerRecord after) {
        if (before != null && before.value().equals(after)) {
            return;
        }
        long revision = transaction.log(HandlerRecord.KIND, after.key(), before, after);
        String sql = before == null
                ? "INSERT INTO handler (node, name, revision, body) VALUES (:node, :name, :revision, :body)"
                : "UPDATE handler SET revision = :revision, body = :body WHERE node = :node AND name = :name";
        jdbc.sql(sql)
                .param("node", after.node())
                .param("name", after.name())
                .param("revision", revision)
                .param("body", bodies.write(after))
                .update();
    }

    void remove(WriteTransaction transaction, Versioned<HandlerRecord> handler) {
        transaction.log(HandlerRecord.KIND, handler.value().key(), handler, null);
        jdbc.sql("DELETE FROM handler WHERE node = :node AND name = :name")
                .param("node", handler.value().node())
                .param("name", handler.value().name())
                .update();
    }

    /// @return whether the report is newer than all before in its session; whatever another session said is older
    boolean advance(String node, String session, long sequence) {
        int updated = jdbc.sql("""
                        UPDATE handler_report SET session = :session, sequence = :sequence
                        WHERE node = :node AND (session <> :session OR sequence < :sequence)""")
                .param("node", node)
                .param("session", session)
                .param("sequence", sequence)
                .update();
        if (updated == 1) {
            return true;
        }
        boolean isKnown = jdbc.sql("SELECT COUNT(*) FROM handler_report WHERE node = :node")
                        .param("node", node)
                        .query(Integer.class)
                        .single()
                > 0;
        if (!isKnown) {
            jdbc.sql("INSERT INTO handler_report (node, session, sequence) VALUES (:node, :session, :sequence)")
                    .param("node", node)
                    .param("session", session)
                    .param("sequence", sequence)
                    .update();
        }
        return !isKnown;
    }

    void forgetReports(String node) {
        jdbc.sql("DELETE FROM handler_report WHERE node = :node")
                .param("node", node)
                .update();
    }

    private Versioned<HandlerRecord> row(ResultSet row, int number) throws SQLException {
        return new Versioned<>(bodies.read(row.getString(1), HandlerRecord.class), row.getLong(2));
    }
}
