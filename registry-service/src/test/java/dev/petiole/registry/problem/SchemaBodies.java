package dev.petiole.registry.problem;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Bodies that have every field which the document allows in them.
record SchemaBodies(JsonNode document) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MAX_DEPTH = 12;

    /// @return a body with a value of the right type in each field
    JsonNode fullBodyOf(String operation) {
        return full(body(operation), 0);
    }

    /// @return pointers to the fields of the body that its schema requires, in the first items of lists, outside of
    /// maps
    List<String> required(String operation) {
        List<String> required = new ArrayList<>();
        addRequired(body(operation), "", required, 0);
        return required;
    }

    private JsonNode body(String operationId) {
        for (JsonNode path : document.path("paths")) {
            for (JsonNode operation : path) {
                if (operation.path("operationId").asString("").equals(operationId)) {
                    return operation
                            .at("/requestBody/content")
                            .valueStream()
                            .findFirst()
                            .orElseThrow()
                            .path("schema");
                }
            }
        }
        throw new AssertionError(operationId);
    }

    private void addRequired(JsonNode reference, String at, List<String> required, int depth) {
        JsonNode schema = resolved(reference);
        if (depth > MAX_DEPTH) {
            return;
        }
        schema.path("required").forEach(name -> required.add(at + "/" + name.asString()));
        schema.path("properties")
                .properties()
                .forEach(property ->
                        addRequired(property.getValue(), at + "/" + property.getKey(), required, depth + 1));
        if (schema.has("items")) {
            addRequired(schema.path("items"), at + "/0", required, depth + 1);
        }
    }

    private JsonNode full(JsonNode reference, int depth) {
        JsonNode schema = resolved(reference);
        if (schema.has("enum")) {
            return schema.path("enum").get(0);
        }
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> {
                ArrayNode array = JSON.createArrayNode();
                yield depth > MAX_DEPTH ? array : array.add(full(schema.path("items"), depth + 1));
            }
            case "integer", "number" -> JSON.getNodeFactory().numberNode(1);
            case "boolean" -> JSON.getNodeFactory().booleanNode(true);
            default ->
                JSON.getNodeFactory().stringNode(text(schema.path("format").asString("")));
        };
    }

    private static String text(String format) {
        return switch (format) {
            case "date-time" -> "2026-01-02T03:04:05Z";
            case "duration" -> "PT10S";
            default -> "x";
        };
    }

    private JsonNode object(JsonNode schema, int depth) {
        ObjectNode object = JSON.createObjectNode();
        if (depth > MAX_DEPTH) {
            return object;
        }
        schema.path("properties")
                .properties()
                .forEach(property -> object.set(property.getKey(), full(property.getValue(), depth + 1)));
        JsonNode values = schema.path("additionalProperties");
        if (values.isObject() && !values.isEmpty() && !type(resolved(values)).equals("object")) {
            object.set("a/b~c", full(values, depth + 1));
        }
        return object;
    }

    private JsonNode resolved(JsonNode schema) {
        JsonNode found = schema;
        while (true) {
            if (found.has("$ref")) {
                found = document.at(found.path("$ref").asString().substring(1));
            } else if (found.has("allOf") || found.has("anyOf") || found.has("oneOf")) {
                JsonNode alternatives = found.has("allOf")
                        ? found.path("allOf")
                        : found.has("anyOf") ? found.path("anyOf") : found.path("oneOf");
                found = alternatives.get(0);
            } else {
                return found;
            }
        }
    }

    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            return type.valueStream()
                    .map(JsonNode::asString)
                    .filter(each -> !each.equals("null"))
                    .findFirst()
                    .orElse("string");
        }
        return type.asString(schema.has("properties") ? "object" : "any");
    }
}
