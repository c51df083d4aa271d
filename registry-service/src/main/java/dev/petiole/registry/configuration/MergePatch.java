package dev.petiole.registry.configuration;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON merge patch (RFC 7396).
final class MergePatch {

    private MergePatch() {}

    /// @return `target` as `patch` wants it: its members replace those of the same name, null removes one
    static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode members)) {
            return patch;
        }
        ObjectNode result =
                target instanceof ObjectNode object ? object.deepCopy() : JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : members.properties()) {
            if (member.getValue().isNull()) {
                result.remove(member.getKey());
            } else {
                JsonNode present = result.path(member.getKey());
                result.set(member.getKey(), apply(present, member.getValue()));
            }
        }
        return result;
    }
}
