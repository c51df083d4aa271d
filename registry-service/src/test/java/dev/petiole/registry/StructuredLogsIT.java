package dev.petiole.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.petiole.registry.client.RegistryClient;
import dev.petiole.registry.client.RegistryProblem;
import dev.petiole.registry.testing.RegistryProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The log as `logging.format` of the chart makes it.
class StructuredLogsIT {

    private static final String TOKEN = "eyJ-a-token-that-nobody-may-read";
    private static final String PASSWORD = "a-password-that-nobody-may-read";

    @TempDir
    private Path directory;

    private final JsonMapper json = JsonMapper.builder().build();

    @Test
    void everyLineIsJsonAndNoSecretIsInIt() throws Exception {
        try (RegistryProcess registry = RegistryProcess.start(
                directory,
                "logging.structured.format.console=ecs",
                "logging.level.dev.petiole=DEBUG",
                "logging.level.petiole.audit=DEBUG",
                "petiole.database.password=" + PASSWORD)) {
            var client = new RegistryClient(registry.uri(), () -> Optional.of(TOKEN));
            client.nodes().list(null, null);
            assertThatExceptionOfType(RegistryProblem.class)
                    .isThrownBy(() -> client.nodes().get("nobody"));
        }
        List<String> lines = lines();
        assertThat(lines).hasSizeGreaterThan(5).allSatisfy(line -> {
            JsonNode event = json.readTree(line);
            assertThat(event.path("@timestamp").asString()).isNotEmpty();
            assertThat(event.path("message").asString()).isNotEmpty();
            assertThat(line).doesNotContain(TOKEN).doesNotContain(PASSWORD);
        });
    }

    private List<String> lines() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            Path log = files.filter(file -> file.toString().endsWith(".log"))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllLines(log);
        }
    }
}
