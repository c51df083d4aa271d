package dev.petiole.registry.problem;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.Comparator;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;

/// What the OpenAPI document says beyond what the controllers say.
@Configuration(proxyBeanMethods = false)
class ApiDocument {

    private static final String BEARER = "bearer";

    @Bean
    OpenApiCustomizer describeApi() {
        return document -> {
            document.setInfo(new Info()
                    .title("Petiole registry")
                    .version("v1")
                    .description("Leaf devices of a Kubernetes cluster: what to look for, what was found, who uses it.")
                    .license(new License().name("Apache-2.0").identifier("Apache-2.0")));
            document.getComponents()
                    .addSchemas("Problem", problem())
                    .addSecuritySchemes(
                            BEARER,
                            new SecurityScheme()
                                    .type(SecurityScheme.Type.HTTP)
                                    .scheme("bearer")
                                    .description("A Kubernetes token for the audience petiole-registry, or a JWT of the identity "
                                            + "provider; none where nobody logs in"));
            document.setSecurity(List.of(new SecurityRequirement().addList(BEARER)));
            if (document.getTags() != null) {
                document.getTags().sort(Comparator.comparing(Tag::getName));
            }
            addProblems(document);
        };
    }

    private static void addProblems(OpenAPI document) {
        document.getPaths()
                .values()
                .forEach(path -> path.readOperations().forEach(operation -> {
                    addProblem(operation);
                    addEvents(operation);
                }));
    }

    private static void addProblem(Operation operation) {
        var body = new io.swagger.v3.oas.models.media.MediaType()
                .schema(new Schema<>().$ref("#/components/schemas/Problem"));
        operation
                .getResponses()
                .addApiResponse(
                        "default",
                        new ApiResponse()
                                .description("It was refused; `type` says why")
                                .content(new Content().addMediaType(MediaType.APPLICATION_PROBLEM_JSON_VALUE, body)));
    }

    /// A list that takes `Last-Event-ID` can be watched.
    private static void addEvents(Operation operation) {
        boolean isWatchable = operation.getParameters() != null
                && operation.getParameters().stream()
                        .anyMatch(parameter -> parameter.getName().equals("Last-Event-ID"));
        if (isWatchable) {
            var events = new io.swagger.v3.oas.models.media.MediaType()
                    .schema(new StringSchema().description("added, modified, deleted and bookmark events"));
            ApiResponse response = operation.getResponses().get("200");
            if (response != null) {
                response.getContent().addMediaType(MediaType.TEXT_EVENT_STREAM_VALUE, events);
            }
        }
    }

    private static Schema<?> problem() {
        Schema<?> error =
                new ObjectSchema().addProperty("field", new StringSchema()).addProperty("message", new StringSchema());
        return new ObjectSchema()
                .description("RFC 9457")
                .addProperty("type", new StringSchema().format("uri"))
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", new StringSchema())
                .addProperty("instance", new StringSchema().format("uri-reference"))
                .addProperty("errors", new ArraySchema().items(error));
    }
}
