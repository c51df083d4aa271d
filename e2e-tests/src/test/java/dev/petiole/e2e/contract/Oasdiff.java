package dev.petiole.e2e.contract;

import dev.petiole.e2e.cluster.Cache;
import dev.petiole.e2e.process.Command;
import dev.petiole.e2e.process.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// [oasdiff](https://www.oasdiff.com), built once from its Go module: tells which changes of an OpenAPI document break
/// clients.
final class Oasdiff {

    private static final String VERSION = "v1.36.0";

    private static final Path SEVERITIES = Path.of("src", "test", "resources", "oasdiff-severities.txt");

    private final Path program;

    private Oasdiff(Path program) {
        this.program = program;
    }

    /// @return empty where there is no Go to build it with
    static Optional<Oasdiff> find() {
        Path directory = Cache.directory().resolve("oasdiff-" + VERSION);
        Path program = directory.resolve("oasdiff");
        if (!Files.isExecutable(program)) {
            Optional<Path> go = Command.findExecutable("go");
            if (go.isEmpty()) {
                return Optional.empty();
            }
            Command.of(go.get().toString(), "install", "github.com/oasdiff/oasdiff@" + VERSION)
                    .withEnvironment("GOBIN", directory.toString())
                    .withEnvironment("GOFLAGS", "-modcacherw")
                    .withLimit(Duration.ofMinutes(10))
                    .run()
                    .orThrow();
        }
        return Optional.of(new Oasdiff(program));
    }

    /// @return successful if no client of `before` is broken by `after`; else its output names each break by its rule
    /// in
    ///     brackets
    Result compare(Path before, Path after) {
        return Command.of(
                        program.toString(),
                        "breaking",
                        "--fail-on",
                        "WARN",
                        // Our answers' fields are all optional in the document, and relied on all the same.
                        "--severity-levels",
                        SEVERITIES.toString(),
                        before.toString(),
                        after.toString())
                .run();
    }
}
