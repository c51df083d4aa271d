package dev.petiole.registry.revision;

import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RevisionModule {

    @Bean
    Engine engine(JdbcConnectionDetails connection) {
        DatabaseDriver driver = DatabaseDriver.fromJdbcUrl(connection.getJdbcUrl());
        return switch (driver) {
            case H2 -> Engine.H2;
            case POSTGRESQL -> Engine.POSTGRESQL;
            default ->
                throw new IllegalStateException("petiole.database.url: a database of the kind " + driver
                        + " (expected: jdbc:h2:… or jdbc:postgresql:…)");
        };
    }
}
