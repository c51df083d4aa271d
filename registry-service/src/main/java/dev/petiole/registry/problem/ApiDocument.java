package dev.petiole.registry.problem;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;

/// What the OpenAPI document says beyond what the controllers say.
@Configuration(proxyBeanMethods = false)
class ApiDocument {

    private static final String BEARER = "bearer";

    private final ApiExamples examples;

    ApiDocument(ApiExamples examples) {
        this.examples = examples;
    }

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
                    .addSchemas("FieldError", fieldError())
                    .addSecuritySchemes(
                            BEARER,
                            new SecurityScheme()
                                    .type(SecurityScheme.Type.HTTP)
                                    .scheme("bearer")
                                    .description(
                                            "A Kubernetes token for the audience petiole-registry, or a JWT of the identity "
                                                    + "provider; none where nobody logs in"));
            document.setSecurity(List.of(new SecurityRequirement().addList(BEARER)));
            if (document.getTags() != null) {
                document.getTags().sort(Comparator.comparing(Tag::getName));
            }
            // Null, unlike the empty list that generated clients begin with, says nothing about the devices.
            property(document, "Observation", "devices").setTypes(new LinkedHashSet<>(List.of("array", "null")));
            // Where it was read from, whatever the address, as behind an ingress.
            document.setServers(List.of(new Server().url("/").description("This registry")));
            // How a controller takes its query is not a part of the contract.
            document.getComponents().getSchemas().remove("MultiValueMapStringString");
            completeOperations(document);
        };
    }

    /// Carries what a method says of its problems to where the document is put together.
    @Bean
    OperationCustomizer noteRefusals() {
        return (operation, method) -> {
            Refuses refuses = method.getMethodAnnotation(Refuses.class);
            if (refuses != null) {
                operation.addExtension(DocumentedProblems.EXTENSION, refuses);
            }
            return operation;
        };
    }

    private void completeOperations(OpenAPI document) {
        document.getPaths()
                .forEach((path, item) -> item.readOperationsMap().forEach((method, operation) -> {
                    if (operation.getParameters() != null) {
                        // The parameters themselves are documented one by one.
                        operation.getParameters().removeIf(parameter -> "query".equals(parameter.getName()));
                    }
                    DocumentedProblems.add(path, method, operation);
                    addEvents(operation);
                    addTags(method, operation);
                    examples.add(operation);
                }));
    }

    /// What has a state has its tag, and is not sent to who has it already.
    private static void addTags(PathItem.HttpMethod method, Operation operation) {
        for (String status : List.of("200", "201")) {
            ApiResponse response = operation.getResponses().get(status);
            if (response != null && response.getContent() != null) {
                response.addHeaderObject(
                        "ETag",
                        new Header().description("The state that is shown").schema(new StringSchema()));
            }
        }
        if (method == PathItem.HttpMethod.GET && operation.getResponses().get("200") != null) {
            operation.addParametersItem(new Parameter()
                    .in("header")
                    .name("If-None-Match")
                    .description("A tag: the answer is 304 while it is the current one")
                    .schema(new StringSchema()));
            operation
                    .getResponses()
                    .addApiResponse("304", new ApiResponse().description("Nothing is new since that tag."));
        }
    }

    /// A list that takes `Last-Event-ID` can be watched.
    private static void addEvents(Operation operation) {
        boolean isWatchable = DocumentedProblems.hasParameter(operation, "Last-Event-ID");
        if (isWatchable) {
            var events = new io.swagger.v3.oas.models.media.MediaType()
                    .schema(new StringSchema().description("added, modified, deleted and bookmark events"));
            ApiResponse response = operation.getResponses().get("200");
            if (response != null) {
                response.getContent().addMediaType(MediaType.TEXT_EVENT_STREAM_VALUE, events);
            }
        }
    }

    private static Schema<?> property(OpenAPI document, String name, String property) {
        Schema<?> schema =
                Objects.requireNonNull(document.getComponents().getSchemas().get(name), name);
        return Objects.requireNonNull(schema.getProperties().get(property), property);
    }

    private static Schema<?> problem() {
        return new ObjectSchema()
                .description("RFC 9457")
                .addProperty("type", new StringSchema().format("uri"))
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", new StringSchema())
                .addProperty("instance", new StringSchema().format("uri-reference"))
                .addProperty("errors", new ArraySchema().items(new Schema<>().$ref("FieldError")));
    }

    private static Schema<?> fieldError() {
        return new ObjectSchema().addProperty("field", new StringSchema()).addProperty("message", new StringSchema());
    }
}
