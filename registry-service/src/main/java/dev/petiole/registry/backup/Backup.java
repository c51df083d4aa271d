package dev.petiole.registry.backup;

import static dev.petiole.registry.LogKeys.PATH;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;

/// `GET /actuator/backup` on the management port: one consistent state of H2's database, while the registry
/// goes on. A PostgreSQL is backed up with its own tools.
@Component
@WebEndpoint(id = "backup")
public final class Backup {

    private static final Logger log = LoggerFactory.getLogger(Backup.class);

    private final BackupStore store;

    Backup(BackupStore store) {
        this.store = store;
    }

    /// Also leaves it beside the database, in place of the one before.
    @ReadOperation(produces = "application/zip")
    public synchronized Resource read() {
        Path backup = store.write();
        log.atInfo().addKeyValue(PATH, backup).log("backup written");
        return new FileSystemResource(backup);
    }
}
