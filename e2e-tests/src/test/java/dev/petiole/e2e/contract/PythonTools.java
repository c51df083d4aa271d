package dev.petiole.e2e.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.petiole.e2e.cluster.Cache;
import dev.petiole.e2e.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A Python environment of its own for a set of packages, made once and kept in the cache. Where it can't be made the
/// test is skipped, or fails with `-De2e=required`.
final class PythonTools {

    private final Path directory;

    private PythonTools(Path directory) {
        this.directory = directory;
    }

    /// @param name says what the environment is for, its version included
    /// @param packages as pip takes them, with exact versions
    static PythonTools with(String name, String... packages) throws IOException {
        Path directory = Cache.directory().resolve(name);
        Path complete = directory.resolve("complete");
        String wanted = String.join("\n", packages);
        if (Files.exists(complete) && Files.readString(complete).equals(wanted)) {
            return new PythonTools(directory);
        }
        boolean isRequired = "required".equals(System.getProperty("e2e", System.getenv("E2E")));
        assumeTrue(
                isRequired || Command.findExecutable("python3").isPresent(),
                "Python 3 is missing: it runs " + packages[0]);
        Command.of("python3", "-m", "venv", "--clear", directory.toString())
                .run()
                .orThrow();
        Command.of(directory.resolve("bin/python").toString(), "-m", "pip", "install", "-q")
                .with(packages)
                .withLimit(Duration.ofMinutes(10))
                .run()
                .orThrow();
        Files.writeString(complete, wanted);
        return new PythonTools(directory);
    }

    Path directory() {
        return directory;
    }

    /// A program of the environment, with its other programs on the path.
    Command command(String program, String... arguments) {
        Path bin = directory.resolve("bin");
        return Command.of(List.of(bin.resolve(program).toString()))
                .with(arguments)
                .withEnvironment("PATH", bin + ":" + System.getenv("PATH"))
                .withEnvironment("PYTHONDONTWRITEBYTECODE", "1");
    }
}
