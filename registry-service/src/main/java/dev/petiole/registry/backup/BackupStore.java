package dev.petiole.registry.backup;

import dev.petiole.registry.revision.Engine;
import dev.petiole.registry.revision.Snapshots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.sql.DataSource;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Copies of H2's database, as scripts of SQL.
@Component
final class BackupStore {

    private static final String BACKUP = "backup.zip";
    private static final String TO_RESTORE = "restore.zip";
    private static final String RESTORED = "restored.zip";

    private final JdbcClient jdbc;
    private final Snapshots snapshots;
    private final Engine engine;
    private final Path directory;

    BackupStore(JdbcClient jdbc, Snapshots snapshots, Engine engine, DataDirectory directory) {
        this.jdbc = jdbc;
        this.snapshots = snapshots;
        this.engine = engine;
        this.directory = directory.dataDir();
    }

    /// Writes one consistent state, in place of the backup before.
    Path write() {
        if (engine != Engine.H2) {
            throw new InvalidEndpointRequestException(
                    "not an H2 database", "Back up PostgreSQL with pg_dump: see docs/operating.md.");
        }
        Path unfinished = directory.resolve(BACKUP + ".part");
        Path backup = directory.resolve(BACKUP);
        snapshots.read(_ -> jdbc.sql("SCRIPT NOPASSWORDS TO '" + quoted(unfinished) + "' COMPRESSION ZIP")
                .query((_, _) -> true)
                .list());
        try {
            Files.move(unfinished, backup, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return backup;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Puts a backup that was laid beside the database in its place. Cut short, it begins anew at the next start.
    static void restore(DataSource database, Path directory) {
        Path backup = directory.resolve(TO_RESTORE);
        if (!Files.exists(backup)) {
            return;
        }
        JdbcClient jdbc = JdbcClient.create(database);
        jdbc.sql("DROP ALL OBJECTS").update();
        jdbc.sql("RUNSCRIPT FROM '" + quoted(backup) + "' COMPRESSION ZIP").update();
        // What happened since is unknown: a new epoch.
        jdbc.sql("UPDATE registry_state SET epoch = ''").update();
        try {
            Files.move(backup, directory.resolve(RESTORED), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String quoted(Path file) {
        return file.toAbsolutePath().toString().replace("'", "''");
    }
}
