package dev.petiole.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.e2e.cluster.Repository;
import dev.petiole.e2e.process.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests that [Schemathesis](https://schemathesis.io) makes from the API document, over all operations: no failure
/// of the registry and no answer that the document does not tell of. `-Dfuzz.examples=200` makes ten times as many.
class FuzzIT {

    private static final String SCHEMATHESIS = "schemathesis==4.32.5";
    private static final String CHECKS =
            "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
                    + "response_schema_conformance,unsupported_method";
    private static final String EXAMPLES = System.getProperty("fuzz.examples", "20");
    private static final String SEED = System.getProperty("fuzz.seed", "1");
    private static final Path DOCUMENT =
            Repository.find().path("api-contracts", "src", "main", "openapi", "petiole.json");
    private static final Pattern GENERATED = Pattern.compile("([0-9]+) generated");

    @TempDir
    private Path directory;

    @Test
    void whoMayDoEverythingGetsNoAnswerThatIsNotDocumented() throws IOException {
        try (var registry = RegistryProgram.start(directory, "petiole.security.mode=none")) {
            fuzz(registry, "Bearer anything");
        }
    }

    @Test
    void whoIsUnknownGetsNoAnswerThatIsNotDocumented() throws IOException {
        try (var registry = RegistryProgram.start(
                directory,
                "petiole.security.mode=oidc",
                "petiole.security.oidc.issuer=https://issuer.invalid",
                "petiole.limits.person.requests-per-second=100000",
                "petiole.limits.person.burst=100000",
                "petiole.limits.address.requests-per-second=100000",
                "petiole.limits.address.burst=100000")) {
            fuzz(registry, "Bearer e30.e30.e30");
        }
    }

    private static void fuzz(RegistryProgram registry, String authorization) throws IOException {
        Result result = PythonTools.with("schemathesis-4.32.5", SCHEMATHESIS)
                .command("schemathesis", "run", DOCUMENT.toString())
                .with("--url", registry.uri().toString(), "--header", "Authorization: " + authorization)
                .with("--phases", "examples,coverage,fuzzing", "--checks", CHECKS)
                .with("--max-examples", EXAMPLES, "--seed", SEED, "--generation-database", "none")
                .with("--continue-on-failure", "--no-color", "--suppress-health-check", "all")
                .withLimit(Duration.ofMinutes(30))
                .run();

        assertThat(result.isSuccess()).as(result.output() + result.error()).isTrue();
        Matcher generated = GENERATED.matcher(result.output());
        assertThat(generated.find()).as(result.output()).isTrue();
        assertThat(Integer.parseInt(generated.group(1))).isGreaterThan(1000);
    }
}
