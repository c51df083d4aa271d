package dev.petiole.registry.backup;

import dev.petiole.registry.revision.Engine;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BackupModule {

    /// A backup may be of an older release.
    @Bean
    FlywayMigrationStrategy restoreAndMigrate(Engine engine, DataDirectory directory) {
        return flyway -> {
            if (engine == Engine.H2) {
                BackupStore.restore(flyway.getConfiguration().getDataSource(), directory.dataDir());
            }
            flyway.migrate();
        };
    }
}
