package dev.petiole.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.e2e.cluster.Repository;
import dev.petiole.e2e.process.Command;
import dev.petiole.e2e.process.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that [OpenAPI Generator](https://openapi-generator.tech) makes from the API document, with no option that
/// mends anything, compile, and do with a running registry what people and a node do: `src/test/clients`.
class GeneratedClientIT {

    private static final Path DOCUMENT =
            Repository.find().path("api-contracts", "src", "main", "openapi", "petiole.json");
    private static final Path MODULE = Repository.find().path("e2e-tests");
    private static final Path TOURS = MODULE.resolve(Path.of("src", "test", "clients"));
    private static final Path LIBRARIES = MODULE.resolve(Path.of("target", "client-libraries"));
    private static final Path GENERATOR =
            MODULE.resolve(Path.of("target", "client-generator", "openapi-generator-cli.jar"));

    // What the generated requirements.txt asks for, at fixed versions.
    private static final String[] PYTHON_LIBRARIES = {
        "annotated-types==0.8.0",
        "pydantic==2.14.4",
        "pydantic-core==2.50.5",
        "python-dateutil==4.0.0",
        "typing-extensions==4.16.0",
        "typing-inspection==0.4.5",
        "tzdata==2026.6",
        "urllib3==2.8.0"
    };

    private static final List<String> STOPS = List.of(
            "me",
            "configurations",
            "node",
            "devices",
            "inbox",
            "slots",
            "explain and history",
            "handlers and nodes",
            "removal");

    @TempDir
    private static Path registryDirectory;

    private static RegistryProgram registry;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws IOException {
        registry = RegistryProgram.start(
                registryDirectory,
                "petiole.security.mode=none",
                // However slow the machine, the node of a tour is there to its end.
                "petiole.lease.duration=10m");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void aJavaClientToursTheApi() throws IOException {
        generate("java", "--library", "native");
        Path classes = directory.resolve("classes");
        Command.of(java("javac"), "-proc:none", "-nowarn", "-d", classes.toString())
                .with("-cp", LIBRARIES.resolve("*").toString())
                .with("@" + sources())
                .with(TOURS.resolve("Tour.java").toString())
                .run()
                .orThrow();

        Result tour = Command.of(java("java"), "-cp", classes + ":" + LIBRARIES.resolve("*"))
                .with("Tour", registry.uri().toString())
                .run();

        assertTold(tour);
    }

    @Test
    void aPythonClientToursTheApi() throws IOException {
        PythonTools python = PythonTools.with("generated-client-" + version(), PYTHON_LIBRARIES);
        generate("python");

        Result tour = python.command("python", TOURS.resolve("tour.py").toString())
                .with(registry.uri().toString())
                .withEnvironment("PYTHONPATH", directory.toString())
                .run();

        assertTold(tour);
    }

    private static void assertTold(Result tour) {
        assertThat(tour.isSuccess()).as(tour.output() + tour.error()).isTrue();
        assertThat(tour.output().lines())
                .containsExactlyElementsOf(
                        STOPS.stream().map(stop -> "done: " + stop).toList());
    }

    private void generate(String language, String... options) {
        Command.of(java("java"), "-jar", GENERATOR.toString(), "generate")
                .with("-g", language, "-i", DOCUMENT.toString(), "-o", directory.toString())
                .with("--global-property", "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false")
                .with(options)
                .run()
                .orThrow();
    }

    /// @return a file that lists them, for the compiler
    private Path sources() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve(Path.of("src", "main", "java")))) {
            return Files.write(
                    directory.resolve("sources"),
                    files.map(Path::toString)
                            .filter(file -> file.endsWith(".java"))
                            .toList());
        }
    }

    /// Another generator may ask for other libraries.
    private static String version() {
        return Command.of(java("java"), "-jar", GENERATOR.toString(), "version")
                .run()
                .orThrow()
                .strip();
    }

    private static String java(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }
}
