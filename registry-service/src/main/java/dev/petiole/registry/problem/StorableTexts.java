package dev.petiole.registry.problem;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Refuses what people write with a character U+0000, which PostgreSQL can't store in a text. What agents say of
/// devices is not refused for that: one hostile device must not silence a whole observation.
@RestControllerAdvice
public final class StorableTexts extends RequestBodyAdviceAdapter {

    private static final String AGENTS = "dev.petiole.api.agent.";
    private static final String MESSAGE = "must not contain the character U+0000";

    private final JsonMapper json;

    StorableTexts(JsonMapper json) {
        this.json = json;
    }

    /// @return whether it can be stored
    public static boolean isStorable(String text) {
        return text.indexOf('\0') < 0;
    }

    @Override
    public boolean supports(
            MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converterType) {
        return !type.getTypeName().startsWith(AGENTS);
    }

    @Override
    public Object afterBodyRead(
            Object body,
            HttpInputMessage message,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converterType) {
        List<FieldError> errors = new ArrayList<>();
        find(json.valueToTree(body), "", errors);
        if (!errors.isEmpty()) {
            throw new InvalidFields(errors);
        }
        return body;
    }

    private static void find(JsonNode node, String path, List<FieldError> errors) {
        if (node.isString() && !isStorable(node.asString())) {
            errors.add(new FieldError(path, MESSAGE));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                find(node.get(i), path + "[" + i + "]", errors);
            }
        } else if (node.isObject()) {
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                String at = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
                if (!isStorable(member.getKey())) {
                    errors.add(new FieldError(at.replace("\0", "?"), MESSAGE));
                }
                find(member.getValue(), at, errors);
            }
        }
    }
}
