package dev.petiole.registry.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The databases of tests: H2 in the test's directory, or with `-Dregistry.database=postgresql` one of the test's own
/// on a real server, which is started once and ends with this JVM. The build runs all integration tests on both.
public final class TestDatabases {

    private static final boolean IS_POSTGRESQL =
            System.getProperty("registry.database", "h2").equals("postgresql");
    private static final Map<Path, String> NAMES = new HashMap<>();
    private static @Nullable EmbeddedPostgres server;

    private TestDatabases() {}

    public static boolean isPostgresql() {
        return IS_POSTGRESQL;
    }

    /// @param directory the test's; whoever names it again gets the same database
    /// @return what the registry must be told, as `name=value`
    public static List<String> properties(Path directory) {
        String dataDir = "petiole.data-dir=" + directory.toAbsolutePath();
        return IS_POSTGRESQL
                ? List.of(dataDir, "petiole.database.url=" + url(directory), "petiole.database.username=postgres")
                : List.of(dataDir);
    }

    /// Deletes the database, under a registry that was stopped.
    public static void delete(Path directory) {
        if (IS_POSTGRESQL) {
            execute("DROP DATABASE " + name(directory) + " WITH (FORCE)");
            forget(directory);
        } else if (!directory.resolve("registry.mv.db").toFile().delete()) {
            throw new IllegalStateException("no database in " + directory);
        }
    }

    /// Copies a PostgreSQL database that no registry uses.
    public static void backUp(Path directory) {
        execute("CREATE DATABASE " + name(directory) + "_backup TEMPLATE " + name(directory));
    }

    /// Puts the copy in the place of the database, as docs/operating.md says.
    public static void restore(Path directory) {
        String name = name(directory);
        execute("DROP DATABASE " + name + " WITH (FORCE)");
        execute("CREATE DATABASE " + name + " TEMPLATE " + name + "_backup");
        execute(name, "UPDATE registry_state SET epoch = ''");
    }

    /// @return the server's port
    public static int port() {
        return server().getPort();
    }

    /// @return the name of the test's database
    public static synchronized String name(Path directory) {
        return NAMES.computeIfAbsent(directory.toAbsolutePath(), _ -> create("petiole_" + NAMES.size()));
    }

    private static synchronized void forget(Path directory) {
        NAMES.put(directory.toAbsolutePath(), create("petiole_again_" + System.nanoTime()));
    }

    private static String url(Path directory) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + name(directory);
    }

    private static String create(String name) {
        execute("CREATE DATABASE " + name);
        return name;
    }

    private static void execute(String sql) {
        execute("postgres", sql);
    }

    private static void execute(String database, String sql) {
        try (Connection connection = server().getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static synchronized EmbeddedPostgres server() {
        EmbeddedPostgres running = server;
        if (running == null) {
            try {
                running = EmbeddedPostgres.builder()
                        .setPGStartupWait(Duration.ofMinutes(1))
                        .setServerConfig("max_connections", "300")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException("PostgreSQL does not start", e);
            }
            server = running;
        }
        return running;
    }
}
