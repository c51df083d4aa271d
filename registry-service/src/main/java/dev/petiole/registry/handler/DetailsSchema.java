package dev.petiole.registry.handler;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The part of JSON Schema (2020-12) in which a handler may say what its details are.
final class DetailsSchema {

    /* A schema comes from a node, and so perhaps from a process there that nobody vetted. Hence no keyword that lets it
     * fetch something ($ref), run a regular expression (pattern: some take for ever) or grow without end. */

    private static final int MAX_DEPTH = 12;
    private static final int MAX_SIZE = 2_000;
    private static final Set<String> TYPES =
            Set.of("object", "array", "string", "integer", "number", "boolean", "null");

    private static final Set<String> TEXTS = Set.of("$schema", "title", "description", "format");
    private static final Set<String> LIMITS =
            Set.of("minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum");
    private static final Set<String> FLAGS = Set.of("uniqueItems", "additionalProperties");
    private static final Set<String> ANYTHING = Set.of("default", "const", "examples");

    private int size;

    private DetailsSchema() {}

    /// @return why `schema` is none that is taken
    static Optional<String> findFault(Map<String, ?> schema) {
        return Optional.ofNullable(new DetailsSchema().fault("", schema, 0));
    }

    private @Nullable String fault(String path, @Nullable Object value, int depth) {
        if (!(value instanceof Map<?, ?> schema)) {
            return "must be an object at '" + path + "'";
        }
        if (depth > MAX_DEPTH || (size += schema.size()) > MAX_SIZE) {
            return "must be at most " + MAX_DEPTH + " levels deep and have at most " + MAX_SIZE + " keywords";
        }
        for (Map.Entry<?, ?> keyword : schema.entrySet()) {
            String fault = fault(path, String.valueOf(keyword.getKey()), keyword.getValue(), depth);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private @Nullable String fault(String path, String keyword, @Nullable Object value, int depth) {
        String here = path + "/" + keyword;
        if (keyword.equals("properties")) {
            return properties(here, value, depth);
        }
        if (keyword.equals("items")) {
            return fault(here, value, depth + 1);
        }
        if (keyword.equals("anyOf")) {
            return alternatives(here, value, depth);
        }
        boolean isRight = switch (keyword) {
            case "type" ->
                types(value).stream().allMatch(TYPES::contains) && !types(value).isEmpty();
            case "required" ->
                value instanceof Collection<?> names && names.stream().allMatch(String.class::isInstance);
            case "enum" -> value instanceof Collection<?> values && values.size() <= MAX_SIZE;
            default ->
                ANYTHING.contains(keyword)
                        || (TEXTS.contains(keyword) && value instanceof String)
                        || (LIMITS.contains(keyword) && value instanceof Number)
                        || (FLAGS.contains(keyword) && value instanceof Boolean);
        };
        return isRight ? null : "has a keyword at '" + here + "' that is unknown or has a wrong value";
    }

    private @Nullable String properties(String path, @Nullable Object value, int depth) {
        if (!(value instanceof Map<?, ?> properties)) {
            return "must be an object at '" + path + "'";
        }
        for (Map.Entry<?, ?> property : properties.entrySet()) {
            String fault = fault(path + "/" + property.getKey(), property.getValue(), depth + 1);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private @Nullable String alternatives(String path, @Nullable Object value, int depth) {
        if (!(value instanceof List<?> schemas) || schemas.isEmpty()) {
            return "must be a list at '" + path + "'";
        }
        for (Object schema : schemas) {
            String fault = fault(path, schema, depth + 1);
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    /// @return the types that `type` lets through
    static List<String> types(@Nullable Object type) {
        return switch (type) {
            case String one -> List.of(one);
            case Collection<?> several -> several.stream().map(String::valueOf).toList();
            case null, default -> List.of();
        };
    }
}
