package dev.petiole.registry.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The parts of an item that a reader wants: paths such as `name` or `properties.URL`. In a list they apply to each
/// element.
public final class Projection {

    private static final String RESOURCE_VERSION = "resourceVersion";
    private static final int MAX_FIELDS = 64;

    private final List<List<String>> paths;

    private Projection(List<List<String>> paths) {
        this.paths = paths;
    }

    /// @param fields paths between commas; null or blank for whole items
    static @Nullable Projection parse(@Nullable String fields) {
        if (fields == null || fields.isBlank()) {
            return null;
        }
        List<List<String>> paths = new ArrayList<>();
        for (String field : fields.split(",", MAX_FIELDS + 1)) {
            // A dot in a name, such as a label's, is written with a backslash.
            paths.add(List.of(field.strip().split("(?<!\\\\)\\.")).stream()
                    .map(part -> part.replace("\\.", "."))
                    .toList());
        }
        // Without it nobody could change or watch what is shown.
        paths.add(List.of(RESOURCE_VERSION));
        return new Projection(paths);
    }

    JsonNode of(Object item, JsonMapper json) {
        return of(json.<JsonNode>valueToTree(item), paths);
    }

    private static JsonNode of(JsonNode node, List<List<String>> paths) {
        if (node instanceof ArrayNode array) {
            ArrayNode result = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> result.add(of(element, paths)));
            return result;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            List<List<String>> wanted = paths.stream()
                    .filter(path -> path.getFirst().equals(member.getKey()))
                    .toList();
            if (wanted.stream().anyMatch(path -> path.size() == 1)) {
                result.set(member.getKey(), member.getValue());
            } else if (!wanted.isEmpty()) {
                List<List<String>> rest = wanted.stream()
                        .map(path -> path.subList(1, path.size()))
                        .toList();
                result.set(member.getKey(), of(member.getValue(), rest));
            }
        }
        return result;
    }
}
