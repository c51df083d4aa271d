package dev.petiole.registry.node;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// How far the recovery of a new database is: in the tables `registry_state` and `node`.
@Component
final class RecoveryStore {

    private final JdbcClient jdbc;

    RecoveryStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// In the order in which they come to pass, the last one first, as they are stored.
    enum Stage {
        OVER,
        AWAITING_NODES,
        AWAITING_FACTS
    }

    Stage stage() {
        return jdbc.sql("SELECT recovering FROM registry_state WHERE id = 1")
                .query((row, _) -> Stage.values()[row.getInt(1)])
                .single();
    }

    void setStage(Stage stage) {
        jdbc.sql("UPDATE registry_state SET recovering = :stage WHERE id = 1")
                .param("stage", stage.ordinal())
                .update();
    }

    List<String> accounted() {
        return jdbc.sql("SELECT name FROM node WHERE has_accounted")
                .query((row, _) -> row.getString(1))
                .list();
    }

    /// @return whether that is news
    boolean setAccounted(String node) {
        return jdbc.sql("UPDATE node SET has_accounted = TRUE WHERE name = :name AND NOT has_accounted")
                        .param("name", node)
                        .update()
                == 1;
    }

    /// Sessions of another epoch are over: their nodes say everything again.
    void forgetAll() {
        jdbc.sql("UPDATE node SET has_accounted = FALSE, session = NULL").update();
    }
}
