package dev.petiole.registry.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petiole.registry.testing.RunningRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The contract in `api-contracts` is what the registry serves. After a deliberate change of the API,
/// `-Dpetiole.openapi=write` writes it anew; whether the change breaks clients, the end-to-end tests tell.
class PublishedDocumentIT {

    private static final Path CONTRACT = Path.of("..", "api-contracts", "src", "main", "openapi", "petiole.json");

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Test
    void whatIsServedIsWhatIsCommitted(@TempDir Path directory) throws Exception {
        String served = served(directory);
        if ("write".equals(System.getProperty("petiole.openapi"))) {
            Files.writeString(CONTRACT, served);
        }

        assertThat(served)
                .as(
                        "the served document; if the change is meant, run this test with -Dpetiole.openapi=write and commit "
                                + "api-contracts/src/main/openapi/petiole.json")
                .isEqualTo(Files.readString(CONTRACT));
    }

    private static String served(Path directory) throws IOException, InterruptedException {
        try (RunningRegistry registry = RunningRegistry.start(directory);
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(registry.uri().resolve("/v3/api-docs"))
                    .build();
            JsonNode document =
                    JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
            return JSON.writeValueAsString(document).replace("\r\n", "\n") + "\n";
        }
    }
}
