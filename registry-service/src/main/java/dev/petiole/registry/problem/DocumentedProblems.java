package dev.petiole.registry.problem;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Which problems an operation may answer with, and how they look.
final class DocumentedProblems {

    static final String EXTENSION = "x-refuses";
    private static final String PROBLEM = "#/components/schemas/Problem";
    private static final int UNSUPPORTED_MEDIA_TYPE = 415;

    private DocumentedProblems() {}

    static void add(String path, HttpMethod method, Operation operation) {
        Map<Integer, List<ProblemType>> byStatus = new LinkedHashMap<>();
        for (ProblemType type : problems(path, method, operation)) {
            byStatus.computeIfAbsent(type.status().value(), _ -> new ArrayList<>())
                    .add(type);
        }
        byStatus.forEach((status, types) ->
                operation.getResponses().addApiResponse(Integer.toString(status), response(path, types)));
        if (operation.getRequestBody() != null) {
            operation
                    .getResponses()
                    .addApiResponse(
                            Integer.toString(UNSUPPORTED_MEDIA_TYPE),
                            new ApiResponse()
                                    .description("The body is of another media type.")
                                    .content(content(Map.of())));
        }
        operation
                .getResponses()
                .addApiResponse(
                        "default",
                        new ApiResponse()
                                .description("It was refused; `type` says why.")
                                .content(content(Map.of())));
    }

    private static Set<ProblemType> problems(String path, HttpMethod method, Operation operation) {
        Set<ProblemType> problems = EnumSet.of(
                ProblemType.INVALID_FIELD,
                ProblemType.TOO_MANY_REQUESTS,
                ProblemType.INTERNAL_ERROR,
                ProblemType.OVERLOADED);
        problems.addAll(
                List.of(ProblemType.UNAUTHORIZED, ProblemType.FORBIDDEN, ProblemType.AUTHENTICATION_UNAVAILABLE));
        if (operation.getRequestBody() != null) {
            problems.add(ProblemType.TOO_LARGE);
        }
        if (path.contains("{") && method == HttpMethod.GET) {
            problems.add(ProblemType.NOT_FOUND);
        }
        if (hasParameter(operation, "cursor") || hasParameter(operation, "Last-Event-ID")) {
            problems.add(ProblemType.GONE);
        }
        if (hasParameter(operation, "If-Match")) {
            problems.add(ProblemType.PRECONDITION_REQUIRED);
            problems.add(ProblemType.PRECONDITION_FAILED);
        }
        problems.addAll(own(operation));
        return problems;
    }

    private static Collection<ProblemType> own(Operation operation) {
        Map<String, Object> extensions = operation.getExtensions();
        Object refuses = extensions == null ? null : extensions.remove(EXTENSION);
        return refuses instanceof Refuses own ? List.of(own.value()) : List.of();
    }

    static boolean hasParameter(Operation operation, String name) {
        return operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> name.equals(parameter.getName()));
    }

    private static ApiResponse response(String path, List<ProblemType> types) {
        Map<String, Example> examples = new LinkedHashMap<>();
        types.forEach(type -> examples.put(type.slug(), example(path, type)));
        String description = types.stream()
                .map(type -> "`" + type.slug() + "`: " + type.title())
                .collect(Collectors.joining("; ", "", "."));
        return new ApiResponse().description(description).content(content(examples));
    }

    private static Content content(Map<String, Example> examples) {
        var body = new MediaType().schema(new Schema<>().$ref(PROBLEM));
        examples.forEach(body::addExamples);
        return new Content().addMediaType(org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE, body);
    }

    private static Example example(String path, ProblemType type) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", type.uri().toString());
        problem.put("title", type.title());
        problem.put("status", type.status().value());
        if (type == ProblemType.INVALID_FIELD) {
            problem.put("detail", "spec.capacity must be greater than or equal to 1.");
            problem.put(
                    "errors",
                    List.of(Map.of("field", "spec.capacity", "message", "must be greater than or equal to 1")));
        } else {
            problem.put("detail", "A sentence for people, with the remedy where there is one.");
        }
        problem.put("instance", path.replace("{", "").replace("}", ""));
        return new Example().value(problem);
    }
}
