package dev.petiole.registry.observation;

import dev.petiole.api.agent.Observation;
import dev.petiole.api.configuration.ConfigurationKey;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The table `observation_progress`: the newest observation of each (Configuration, node, handler).
@Component
final class ObservationProgress {

    private final JdbcClient jdbc;

    ObservationProgress(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// @return whether the observation is newer than all before in its session
    boolean advance(String node, Observation observation) {
        // The session is the node's newest: whatever another one said before is older.
        int updated = bind("""
                        UPDATE observation_progress SET session = :session, sequence = :sequence
                        WHERE config_group = :group AND namespace = :namespace AND configuration = :configuration
                        AND node = :node AND handler = :handler
                        AND (session <> :session OR sequence < :sequence)""", node, observation).update();
        if (updated == 1) {
            return true;
        }
        boolean isKnown = bind("""
                                SELECT COUNT(*) FROM observation_progress
                                WHERE config_group = :group AND namespace = :namespace
                                AND configuration = :configuration AND node = :node AND handler = :handler""", node, observation).query(Integer.class).single() > 0;
        if (isKnown) {
            return false;
        }
        bind("""
                        INSERT INTO observation_progress
                        (config_group, namespace, configuration, node, handler, session, sequence)
                        VALUES (:group, :namespace, :configuration, :node, :handler, :session, :sequence)""", node, observation).update();
        return true;
    }

    void forget(ConfigurationKey key) {
        jdbc.sql("""
                        DELETE FROM observation_progress
                        WHERE config_group = :group AND namespace = :namespace AND configuration = :configuration""")
                .param("group", key.group())
                .param("namespace", key.namespace())
                .param("configuration", key.name())
                .update();
    }

    void forget(String node) {
        jdbc.sql("DELETE FROM observation_progress WHERE node = :node")
                .param("node", node)
                .update();
    }

    private JdbcClient.StatementSpec bind(String sql, String node, Observation observation) {
        return jdbc.sql(sql)
                .param("group", observation.configuration().group())
                .param("namespace", observation.configuration().namespace())
                .param("configuration", observation.configuration().name())
                .param("node", node)
                .param("handler", observation.handler())
                .param("session", observation.session())
                .param("sequence", observation.sequence());
    }
}
