package dev.petiole.registry.configuration;

import dev.petiole.api.configuration.ConfigurationKey;
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

/// The table `configuration`.
@Component
final class ConfigurationStore {

    private static final String BY_KEY = "WHERE config_group = :group AND namespace = :namespace AND name = :name";

    private final JdbcClient jdbc;
    private final Bodies bodies;

    ConfigurationStore(JdbcClient jdbc, Bodies bodies) {
        this.jdbc = jdbc;
        this.bodies = bodies;
    }

    Optional<Versioned<ConfigurationRecord>> find(ConfigurationKey key) {
        return jdbc.sql("SELECT body, revision FROM configuration " + BY_KEY)
                .param("group", key.group())
                .param("namespace", key.namespace())
                .param("name", key.name())
                .query(this::row)
                .optional();
    }

    /// @return another namespace of the group that has a Configuration of this name
    Optional<String> findNamesake(ConfigurationKey key) {
        return jdbc
                .sql("""
                        SELECT body, revision FROM configuration
                        WHERE config_group = :group AND name = :name AND namespace <> :namespace
                        ORDER BY namespace""")
                .param("group", key.group())
                .param("namespace", key.namespace())
                .param("name", key.name())
                .query(this::row)
                .list()
                .stream()
                .map(namesake -> namesake.value().key().namespace())
                .findFirst();
    }

    /// @return the revision of the last change of what a person could change
    long editedAt(ConfigurationKey key) {
        return jdbc.sql("SELECT spec_revision FROM configuration " + BY_KEY)
                .param("group", key.group())
                .param("namespace", key.namespace())
                .param("name", key.name())
                .query(Long.class)
                .single();
    }

    List<Versioned<ConfigurationRecord>> list() {
        return jdbc.sql("SELECT body, revision FROM configuration ORDER BY config_group, namespace, name")
                .query(this::row)
                .list();
    }

    /// @param key the greatest key not to be listed
    /// @param group null for all
    /// @param namespace null for all
    List<Versioned<ConfigurationRecord>> listAfter(
            List<String> key, @Nullable String group, @Nullable String namespace, int limit) {
        String condition = (group == null ? "" : " AND config_group = :onlyGroup")
                + (namespace == null ? "" : " AND namespace = :onlyNamespace");
        JdbcClient.StatementSpec query = jdbc.sql("""
                        SELECT body, revision FROM configuration
                        WHERE (config_group, namespace, name) > (:group, :namespace, :name) %s
                        ORDER BY config_group, namespace, name FETCH FIRST :limit ROWS ONLY""".formatted(condition))
                .param("group", key.get(0))
                .param("namespace", key.get(1))
                .param("name", key.get(2))
                .param("limit", limit);
        query = group == null ? query : query.param("onlyGroup", group);
        query = namespace == null ? query : query.param("onlyNamespace", namespace);
        return query.query(this::row).list();
    }

    /// Writes the record and logs it, if it differs.
    ///
    /// @return the record as stored
    Versioned<ConfigurationRecord> put(
            WriteTransaction transaction, @Nullable Versioned<ConfigurationRecord> before, ConfigurationRecord after) {
        if (before != null && before.value().equals(after)) {
            return before;
        }
        ConfigurationKey key = after.key();
        long revision = transaction.log(ConfigurationRecord.KIND, key.toString(), before, after);
        boolean isEdited = before != null
                && !(before.value().spec().equals(after.spec())
                        && before.value().labels().equals(after.labels()));
        String edited = isEdited ? ", spec_revision = :revision " : "";
        String sql =
                before == null ? """
                INSERT INTO configuration (config_group, namespace, name, revision, body, spec_revision)
                VALUES (:group, :namespace, :name, :revision, :body, :revision)""" : "UPDATE configuration SET revision = :revision, body = :body " + edited + BY_KEY;
        jdbc.sql(sql)
                .param("group", key.group())
                .param("namespace", key.namespace())
                .param("name", key.name())
                .param("revision", revision)
                .param("body", bodies.write(after))
                .update();
        return new Versioned<>(after, revision);
    }

    void remove(WriteTransaction transaction, Versioned<ConfigurationRecord> configuration) {
        ConfigurationKey key = configuration.value().key();
        transaction.log(ConfigurationRecord.KIND, key.toString(), configuration, null);
        jdbc.sql("DELETE FROM configuration " + BY_KEY)
                .param("group", key.group())
                .param("namespace", key.namespace())
                .param("name", key.name())
                .update();
    }

    private Versioned<ConfigurationRecord> row(ResultSet row, int number) throws SQLException {
        return new Versioned<>(bodies.read(row.getString(1), ConfigurationRecord.class), row.getLong(2));
    }
}
