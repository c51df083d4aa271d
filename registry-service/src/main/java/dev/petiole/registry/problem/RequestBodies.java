package dev.petiole.registry.problem;

import jakarta.validation.Validator;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads what was put together from several bodies, as strictly as a body itself is read.
@Component
public final class RequestBodies {

    private final JsonMapper json;
    private final Validator validator;

    RequestBodies(JsonMapper json, Validator validator) {
        this.json = json;
        this.validator = validator;
    }

    public JsonNode toTree(Object body) {
        return json.valueToTree(body);
    }

    /// @throws InvalidFields if it is no valid `type`
    public <T> T read(JsonNode body, Class<T> type) {
        T value;
        try {
            value = json.treeToValue(body, type);
        } catch (JacksonException e) {
            throw UnreadableBody.explain(e);
        }
        if (value == null) {
            throw UnreadableBody.explain(null);
        }
        List<FieldError> errors = Set.copyOf(validator.validate(value)).stream()
                .map(violation -> new FieldError(violation.getPropertyPath().toString(), violation.getMessage()))
                .sorted((one, other) -> one.field().compareTo(other.field()))
                .toList();
        if (!errors.isEmpty()) {
            throw new InvalidFields(errors);
        }
        return value;
    }
}
