package dev.petiole.registry.history;

import dev.petiole.api.device.DeviceEvent;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The table `device_event`.
@Component
final class HistoryStore {

    private static final String OF_DEVICE =
            "WHERE config_group = :group AND namespace = :namespace AND device = :device ";

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    HistoryStore(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /// An event as stored.
    ///
    /// @param id rises with each event
    record Row(long id, DeviceEvent event) {}

    /// The device whose events are meant.
    record Subject(String group, String namespace, String device) {}

    void append(List<HistoryEntry> entries) {
        batches.batchUpdate("""
                INSERT INTO device_event (config_group, namespace, device, happened_at, type, actor, why, node, slot)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""", entries, 100, HistoryStore::bind);
    }

    /// @return the events before `id`, newest first
    List<Row> before(Subject subject, long id, int limit) {
        return of(subject, """
                        SELECT id, happened_at, type, actor, why, node, slot FROM device_event\s""" + OF_DEVICE + """
                        AND id < :before ORDER BY id DESC FETCH FIRST :limit ROWS ONLY""")
                .param("before", id)
                .param("limit", limit)
                .query(HistoryStore::row)
                .list();
    }

    /// Forgets at most `limit` of the oldest events: those from before `beforeMillis`, and those that are more
    /// than `keepAtMost` events ago.
    ///
    /// @return how many
    int trim(long beforeMillis, long keepAtMost, int limit) {
        Long newest = jdbc.sql("SELECT COALESCE(MAX(id), 0) FROM device_event")
                .query(Long.class)
                .single();
        // Ids rise with time, so the oldest are the first. Asked for apart from the deletion: H2 would ask again for
        // each row
        // that it deletes, since each one changes the table.
        Long last = jdbc.sql("""
                        SELECT COALESCE(MAX(id), 0) FROM (
                          SELECT id, happened_at FROM device_event ORDER BY id FETCH FIRST :limit ROWS ONLY) oldest
                        WHERE happened_at < :before OR id <= :target""")
                .param("limit", limit)
                .param("before", beforeMillis)
                .param("target", newest - keepAtMost)
                .query(Long.class)
                .single();
        return jdbc.sql("DELETE FROM device_event WHERE id <= :last")
                .param("last", last)
                .update();
    }

    /// Forgets all but the newest events of a device.
    void trim(Subject subject, int keep) {
        of(subject, "SELECT id FROM device_event " + OF_DEVICE + """
                        ORDER BY id DESC OFFSET :keep ROWS FETCH FIRST 1 ROWS ONLY""")
                .param("keep", keep)
                .query(Long.class)
                .optional()
                .ifPresent(last -> of(subject, "DELETE FROM device_event " + OF_DEVICE + "AND id <= :last")
                        .param("last", last)
                        .update());
    }

    private JdbcClient.StatementSpec of(Subject subject, String sql) {
        return jdbc.sql(sql)
                .param("group", subject.group())
                .param("namespace", subject.namespace())
                .param("device", subject.device());
    }

    private static void bind(PreparedStatement statement, HistoryEntry entry) throws SQLException {
        DeviceEvent event = entry.event();
        statement.setString(1, entry.group());
        statement.setString(2, entry.namespace());
        statement.setString(3, entry.device());
        statement.setLong(4, event.at().toEpochMilli());
        statement.setString(5, event.type().name());
        statement.setString(6, event.by());
        statement.setString(7, event.why());
        statement.setString(8, event.node());
        Integer slot = event.slot();
        if (slot == null) {
            statement.setNull(9, Types.INTEGER);
        } else {
            statement.setInt(9, slot);
        }
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        int index = row.getInt(7);
        @Nullable Integer slot = row.wasNull() ? null : index;
        return new Row(
                row.getLong(1),
                new DeviceEvent(
                        Instant.ofEpochMilli(row.getLong(2)),
                        DeviceEvent.Type.valueOf(row.getString(3)),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        slot));
    }
}
