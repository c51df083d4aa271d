package dev.petiole.registry.device;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.registry.query.ListQuery;
import dev.petiole.registry.revision.Bodies;
import dev.petiole.registry.revision.Versioned;
import dev.petiole.registry.revision.WriteTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The tables `device` and `device_node`.
@Component
final class DeviceStore {

    private static final String BY_KEY = "WHERE config_group = :group AND namespace = :namespace AND name = :name";

    /*
     * Which devices a node has seen, or an observation names, is a handful among tens of thousands. H2 walks through all
     * of a namespace for an EXISTS or an IN; joined to a short list of names it looks each one up by the primary key.
     */
    private static final String NAMED = """
            SELECT d.body, d.revision FROM UNNEST(CAST(:names AS VARCHAR ARRAY)) AS named(name)
            JOIN device d ON d.config_group = :group AND d.namespace = :namespace AND d.name = named.name""";

    private final JdbcClient jdbc;
    private final Bodies bodies;

    DeviceStore(JdbcClient jdbc, Bodies bodies) {
        this.jdbc = jdbc;
        this.bodies = bodies;
    }

    /// When time alone changes a device next.
    ///
    /// @param after the length of the period that ends then
    record Due(Instant at, Duration after) {}

    Optional<Versioned<DeviceRecord>> find(DeviceKey key) {
        return jdbc.sql("SELECT body, revision FROM device " + BY_KEY)
                .param("group", key.group())
                .param("namespace", key.namespace())
                .param("name", key.name())
                .query(this::row)
                .optional();
    }

    /// @return the revision of the last change of the device's admission
    long decidedAt(DeviceKey key) {
        return jdbc.sql("SELECT admission_revision FROM device " + BY_KEY)
                .param("group", key.group())
                .param("namespace", key.namespace())
                .param("name", key.name())
                .query(Long.class)
                .single();
    }

    /// @param names any of the Configuration's
    List<Versioned<DeviceRecord>> listNamed(ConfigurationKey configuration, Collection<String> names) {
        if (names.isEmpty()) {
            return List.of();
        }
        return listNamed(new Namespace(configuration.group(), configuration.namespace()), names);
    }

    /// Within one, names of devices are unique.
    private record Namespace(String group, String name) {}

    private List<Versioned<DeviceRecord>> listNamed(Namespace namespace, Collection<String> names) {
        return jdbc.sql(NAMED)
                .param("group", namespace.group())
                .param("namespace", namespace.name())
                .param("names", names.toArray(String[]::new))
                .query(this::row)
                .list();
    }

    List<Versioned<DeviceRecord>> listOf(ConfigurationKey configuration) {
        return jdbc.sql("""
                        SELECT body, revision FROM device
                        WHERE config_group = :group AND namespace = :namespace AND configuration = :configuration""")
                .param("group", configuration.group())
                .param("namespace", configuration.namespace())
                .param("configuration", configuration.name())
                .query(this::row)
                .list();
    }

    List<Versioned<DeviceRecord>> listSeenBy(String node) {
        Map<Namespace, List<String>> seen = new HashMap<>();
        jdbc.sql("SELECT config_group, namespace, device FROM device_node WHERE node = :node")
                .param("node", node)
                .query(row -> {
                    var namespace = new Namespace(row.getString(1), row.getString(2));
                    seen.computeIfAbsent(namespace, _ -> new ArrayList<>()).add(row.getString(3));
                });
        return seen.entrySet().stream()
                .flatMap(entry -> listNamed(entry.getKey(), entry.getValue()).stream())
                .toList();
    }

    List<Versioned<DeviceRecord>> listSeenBy(String node, ConfigurationKey configuration) {
        List<String> names = jdbc.sql("""
                        SELECT device FROM device_node
                        WHERE node = :node AND config_group = :group AND namespace = :namespace""")
                .param("node", node)
                .param("group", configuration.group())
                .param("namespace", configuration.namespace())
                .query((row, _) -> row.getString(1))
                .list();
        if (names.isEmpty()) {
            return List.of();
        }
        return jdbc.sql(NAMED + " WHERE d.configuration = :configuration")
                .param("group", configuration.group())
                .param("namespace", configuration.namespace())
                .param("names", names.toArray(String[]::new))
                .param("configuration", configuration.name())
                .query(this::row)
                .list();
    }

    /// H2's index has the devices without a time first, tens of thousands of them. A lower bound passes over them,
    /// which `IS NOT NULL` does not.
    List<Versioned<DeviceRecord>> listDue(Instant now, int limit) {
        return jdbc.sql("""
                        SELECT body, revision FROM device
                        WHERE due_at BETWEEN 0 AND :now ORDER BY due_at FETCH FIRST :limit ROWS ONLY""")
                .param("now", now.toEpochMilli())
                .param("limit", limit)
                .query(this::row)
                .list();
    }

    /// With a lower bound, as in [#listDue].
    Optional<Instant> findNextDue() {
        return jdbc.sql("SELECT due_at FROM device WHERE due_at >= 0 ORDER BY due_at FETCH FIRST ROW ONLY")
                .query((row, _) -> Instant.ofEpochMilli(row.getLong(1)))
                .optional();
    }

    /// Lets every period that runs begin anew.
    void restartPeriods(Instant now) {
        jdbc.sql("UPDATE device SET due_at = :now + due_after WHERE due_at < :now + due_after")
                .param("now", now.toEpochMilli())
                .update();
    }

    void put(
            WriteTransaction transaction,
            @Nullable Versioned<DeviceRecord> before,
            DeviceRecord after,
            @Nullable Due due) {
        DeviceKey key = after.key();
        long revision = transaction.log(DeviceRecord.KIND, key.toString(), before, after);
        boolean isDecided = before != null && before.value().admission() != after.admission();
        String decided = isDecided ? ", admission_revision = :revision " : "";
        String sql = before == null ? """
                INSERT INTO device (config_group, namespace, name, configuration, revision, body, due_at, due_after,
                admission_revision, handler, presence, admission, presence_since, terms, words)
                VALUES (:group, :namespace, :name, :configuration, :revision, :body, :dueAt, :dueAfter,
                :revision, :handler, :presence, :admission, :presenceSince, :terms, :words)""" : """
                UPDATE device SET configuration = :configuration, revision = :revision, body = :body,
                due_at = :dueAt, due_after = :dueAfter, presence = :presence, admission = :admission,
                presence_since = :presenceSince, handler = :handler, terms = :terms, words = :words\s""" + decided + BY_KEY;
        jdbc.sql(sql)
                .param("group", key.group())
                .param("namespace", key.namespace())
                .param("name", key.name())
                .param("configuration", after.configuration().name())
                .param("revision", revision)
                .param("body", bodies.write(after))
                .param("dueAt", due == null ? null : due.at().toEpochMilli())
                .param("dueAfter", due == null ? null : due.after().toMillis())
                .param("handler", after.handler())
                .param("presence", ListQuery.name(after.presence()))
                .param("admission", ListQuery.name(after.admission()))
                .param("presenceSince", after.presenceSince().toEpochMilli())
                .param("terms", SearchTexts.terms(after))
                .param("words", SearchTexts.words(after))
                .update();
        index(key, before == null ? Set.of() : nodes(before.value()), nodes(after));
    }

    void setDue(DeviceKey key, @Nullable Due due) {
        jdbc.sql("UPDATE device SET due_at = :dueAt, due_after = :dueAfter " + BY_KEY)
                .param("group", key.group())
                .param("namespace", key.namespace())
                .param("name", key.name())
                .param("dueAt", due == null ? null : due.at().toEpochMilli())
                .param("dueAfter", due == null ? null : due.after().toMillis())
                .update();
    }

    void remove(WriteTransaction transaction, Versioned<DeviceRecord> device) {
        DeviceKey key = device.value().key();
        transaction.log(DeviceRecord.KIND, key.toString(), device, null);
        index(key, nodes(device.value()), Set.of());
        jdbc.sql("DELETE FROM device " + BY_KEY)
                .param("group", key.group())
                .param("namespace", key.namespace())
                .param("name", key.name())
                .update();
    }

    private void index(DeviceKey key, Set<String> before, Set<String> after) {
        for (String node : before) {
            if (!after.contains(node)) {
                indexOne("""
                        DELETE FROM device_node WHERE config_group = :group AND namespace = :namespace
                        AND device = :name AND node = :node""", key, node);
            }
        }
        for (String node : after) {
            if (!before.contains(node)) {
                indexOne("INSERT INTO device_node VALUES (:group, :namespace, :name, :node)", key, node);
            }
        }
    }

    private void indexOne(String sql, DeviceKey key, String node) {
        jdbc.sql(sql)
                .param("group", key.group())
                .param("namespace", key.namespace())
                .param("name", key.name())
                .param("node", node)
                .update();
    }

    private static Set<String> nodes(DeviceRecord device) {
        return device.sightings().stream().map(Sighting::node).collect(Collectors.toCollection(HashSet::new));
    }

    private Versioned<DeviceRecord> row(ResultSet row, int number) throws SQLException {
        return new Versioned<>(bodies.read(row.getString(1), DeviceRecord.class), row.getLong(2));
    }
}
