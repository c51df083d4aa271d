package dev.petiole.registry.slot;

import dev.petiole.registry.device.DeviceKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The table `claim`.
@Component
final class ClaimStore {

    private static final String COLUMNS = """
            SELECT config_group, namespace, device, node, resource, kubelet_device_id, slot,
            pod_namespace, pod, container, since, granted_at, asked_session, asked_sequence FROM claim\s""";
    private static final String BY_KEY = """
            WHERE config_group = :group AND namespace = :namespace AND device = :device
            AND node = :node AND resource = :resource AND kubelet_device_id = :id""";

    private final JdbcClient jdbc;

    ClaimStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Holders holders(DeviceKey device) {
        return new Holders(jdbc.sql(COLUMNS
                        + "WHERE config_group = :group AND namespace = :namespace AND device = :device ORDER BY slot")
                .param("group", device.group())
                .param("namespace", device.namespace())
                .param("device", device.name())
                .query(this::row)
                .list());
    }

    List<Claim> listOf(String node) {
        return jdbc.sql(COLUMNS + "WHERE node = :node")
                .param("node", node)
                .query(this::row)
                .list();
    }

    /// @return whether the node has a claim granted before then of which no report has named the user
    boolean holdsUntold(String node, Instant grantedBefore) {
        return jdbc.sql("SELECT COUNT(*) FROM claim WHERE node = :node AND pod IS NULL AND granted_at < :before")
                        .param("node", node)
                        .param("before", grantedBefore.toEpochMilli())
                        .query(Long.class)
                        .single()
                > 0;
    }

    /// @return the group's devices of which slots are held
    List<DeviceKey> listHeld(String group) {
        return jdbc.sql("SELECT DISTINCT config_group, namespace, device FROM claim WHERE config_group = :group")
                .param("group", group)
                .query((row, _) -> new DeviceKey(row.getString(1), row.getString(2), row.getString(3)))
                .list();
    }

    void add(Claim claim) {
        bind("""
                        INSERT INTO claim (config_group, namespace, device, node, resource, kubelet_device_id, slot,
                        pod_namespace, pod, container, since, granted_at, asked_session, asked_sequence)
                        VALUES (:group, :namespace, :device, :node, :resource, :id, :slot,
                        :podNamespace, :pod, :container, :since, :grantedAt, :askedSession, :askedSequence)""", claim.key())
                .param("slot", claim.slot())
                .param("podNamespace", claim.user().namespace())
                .param("pod", claim.user().pod())
                .param("container", claim.user().container())
                .param("since", claim.since().toEpochMilli())
                .param("grantedAt", claim.grantedAt().toEpochMilli())
                .param("askedSession", claim.asked().session())
                .param("askedSequence", claim.asked().usageSequence())
                .update();
    }

    void replace(Claim claim) {
        bind("""
                        UPDATE claim SET pod_namespace = :podNamespace, pod = :pod, container = :container,
                        granted_at = :grantedAt, asked_session = :askedSession, asked_sequence = :askedSequence\s""" + BY_KEY, claim.key())
                .param("podNamespace", claim.user().namespace())
                .param("pod", claim.user().pod())
                .param("container", claim.user().container())
                .param("grantedAt", claim.grantedAt().toEpochMilli())
                .param("askedSession", claim.asked().session())
                .param("askedSequence", claim.asked().usageSequence())
                .update();
    }

    void remove(Claim.Key key) {
        bind("DELETE FROM claim " + BY_KEY, key).update();
    }

    private JdbcClient.StatementSpec bind(String sql, Claim.Key key) {
        return jdbc.sql(sql)
                .param("group", key.device().group())
                .param("namespace", key.device().namespace())
                .param("device", key.device().name())
                .param("node", key.node())
                .param("resource", key.resource())
                .param("id", key.kubeletDeviceId());
    }

    private Claim row(ResultSet row, int number) throws SQLException {
        var key = new Claim.Key(
                new DeviceKey(row.getString(1), row.getString(2), row.getString(3)),
                row.getString(4),
                row.getString(5),
                row.getString(6));
        var user = new Claim.User(row.getString(8), row.getString(9), row.getString(10));
        return new Claim(
                key,
                row.getInt(7),
                user,
                Instant.ofEpochMilli(row.getLong(11)),
                Instant.ofEpochMilli(row.getLong(12)),
                new Claim.Asked(row.getString(13), row.getLong(14)));
    }
}
