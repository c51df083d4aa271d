package dev.petiole.registry.problem;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Examples of bodies, by operation: `openapi/examples.json`, with `request` and `response` for each
/// operation's id.
@Component
final class ApiExamples {

    private static final String FILE = "/openapi/examples.json";

    private final JsonNode examples;

    ApiExamples(JsonMapper json) {
        try (InputStream file = ApiExamples.class.getResourceAsStream(FILE)) {
            examples = json.readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(FILE, e);
        }
    }

    void add(Operation operation) {
        JsonNode own = examples.path(String.valueOf(operation.getOperationId()));
        if (operation.getRequestBody() != null) {
            add(operation.getRequestBody().getContent(), own.get("request"));
        }
        for (String status : new String[] {"200", "201"}) {
            ApiResponse response = operation.getResponses().get(status);
            if (response != null) {
                add(response.getContent(), own.get("response"));
            }
        }
    }

    private static void add(@Nullable Content content, @Nullable JsonNode example) {
        if (content == null || example == null) {
            return;
        }
        content.forEach((type, body) -> {
            if (!type.equals(org.springframework.http.MediaType.TEXT_EVENT_STREAM_VALUE)) {
                set(body, example);
            }
        });
    }

    private static void set(MediaType body, JsonNode example) {
        // The document is written by another Jackson, which knows maps and lists.
        body.setExample(JsonMapper.shared().convertValue(example, Object.class));
    }
}
