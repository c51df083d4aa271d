package dev.petiole.registry.handler;

import dev.petiole.registry.problem.FieldError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Compares discovery details with a schema that [DetailsSchema] has taken.
final class DetailsCheck {

    private static final String DETAILS = "spec.discoveryHandler.discoveryDetails";
    private static final int MAX_ERRORS = 10;

    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(50).build())
            .build());

    private final List<FieldError> errors = new ArrayList<>();

    private DetailsCheck() {}

    /// @return what is wrong; empty if nothing is
    static List<FieldError> check(String details, Map<String, Object> schema) {
        Object value;
        try {
            value = details.isBlank() ? Map.of() : YAML.readValue(details, Object.class);
        } catch (JacksonException e) {
            String message = e.getOriginalMessage();
            return List.of(new FieldError(
                    DETAILS,
                    "must be YAML: "
                            + (message == null
                                    ? "it can't be read"
                                    : message.lines().findFirst().orElse(""))));
        }
        return errors(DETAILS, value, schema);
    }

    private static List<FieldError> errors(String path, @Nullable Object value, Map<?, ?> schema) {
        var check = new DetailsCheck();
        check.value(path, value, schema);
        return List.copyOf(check.errors.subList(0, Math.min(MAX_ERRORS, check.errors.size())));
    }

    private void value(String path, @Nullable Object value, Map<?, ?> schema) {
        List<String> types = DetailsSchema.types(schema.get("type"));
        if (!types.isEmpty() && types.stream().noneMatch(type -> isOf(type, value))) {
            error(path, "must be " + String.join(" or ", types));
            return;
        }
        if (schema.get("enum") instanceof Collection<?> values
                && values.stream().noneMatch(each -> equal(each, value))) {
            error(path, "must be one of " + values.stream().map(String::valueOf).toList());
        }
        if (schema.containsKey("const") && !equal(schema.get("const"), value)) {
            error(path, "must be " + schema.get("const"));
        }
        switch (value) {
            case String text -> limits(path, text.codePointCount(0, text.length()), "Length", "characters", schema);
            case Number number -> range(path, new BigDecimal(number.toString()), schema);
            case List<?> list -> list(path, list, schema);
            case Map<?, ?> map -> object(path, map, schema);
            case null, default -> {
                // Booleans and null have no more to be than their type.
            }
        }
        if (schema.get("anyOf") instanceof List<?> alternatives) {
            anyOf(path, value, alternatives);
        }
    }

    private void object(String path, Map<?, ?> map, Map<?, ?> schema) {
        Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> known ? known : Map.of();
        if (schema.get("required") instanceof Collection<?> required) {
            required.stream()
                    .filter(name -> !map.containsKey(name))
                    .forEach(name -> error(path + "." + name, "must be given"));
        }
        map.forEach((name, value) -> {
            if (properties.get(name) instanceof Map<?, ?> property) {
                value(path + "." + name, value, property);
            } else if (Boolean.FALSE.equals(schema.get("additionalProperties"))) {
                error(
                        path + "." + name,
                        "is unknown (known here: "
                                + String.join(
                                        ", ",
                                        new TreeSet<>(properties.keySet().stream()
                                                .map(String::valueOf)
                                                .toList()))
                                + ")");
            }
        });
    }

    private void list(String path, List<?> list, Map<?, ?> schema) {
        limits(path, list.size(), "Items", "items", schema);
        if (Boolean.TRUE.equals(schema.get("uniqueItems")) && new HashSet<>(list).size() < list.size()) {
            error(path, "must not have an item twice");
        }
        if (schema.get("items") instanceof Map<?, ?> items) {
            for (int i = 0; i < list.size() && errors.size() < MAX_ERRORS; i++) {
                value(path + "[" + i + "]", list.get(i), items);
            }
        }
    }

    /// Of several alternatives none of which fits, the one that fits best says why.
    private void anyOf(String path, @Nullable Object value, List<?> alternatives) {
        List<FieldError> best = List.of();
        for (Object alternative : alternatives) {
            List<FieldError> found = alternative instanceof Map<?, ?> schema ? errors(path, value, schema) : List.of();
            if (found.isEmpty()) {
                return;
            }
            best = best.isEmpty() || found.size() < best.size() ? found : best;
        }
        errors.addAll(best);
    }

    private void limits(String path, int count, String what, String unit, Map<?, ?> schema) {
        if (schema.get("min" + what) instanceof Number least && count < least.longValue()) {
            error(path, "must have at least " + least + " " + unit);
        }
        if (schema.get("max" + what) instanceof Number most && count > most.longValue()) {
            error(path, "must have at most " + most + " " + unit);
        }
    }

    private void range(String path, BigDecimal number, Map<?, ?> schema) {
        if (schema.get("minimum") instanceof Number least && number.compareTo(new BigDecimal(least.toString())) < 0) {
            error(path, "must be at least " + least);
        }
        if (schema.get("maximum") instanceof Number most && number.compareTo(new BigDecimal(most.toString())) > 0) {
            error(path, "must be at most " + most);
        }
    }

    private void error(String field, String message) {
        errors.add(new FieldError(field, message));
    }

    private static boolean isOf(String type, @Nullable Object value) {
        Predicate<@Nullable Object> isType = switch (type) {
            case "object" -> Map.class::isInstance;
            case "array" -> List.class::isInstance;
            case "string" -> String.class::isInstance;
            case "boolean" -> Boolean.class::isInstance;
            case "integer" -> DetailsCheck::isInteger;
            case "number" -> DetailsCheck::isFinite;
            default -> each -> each == null;
        };
        return isType.test(value);
    }

    private static boolean isFinite(@Nullable Object value) {
        return value instanceof Number number && !(number instanceof Double real && !Double.isFinite(real));
    }

    private static boolean isInteger(@Nullable Object value) {
        return isFinite(value)
                && value instanceof Number number
                && new BigDecimal(number.toString()).stripTrailingZeros().scale() <= 0;
    }

    private static boolean equal(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Number a && isFinite(other) && other instanceof Number b) {
            return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString())) == 0;
        }
        return one == null ? other == null : one.equals(other);
    }
}
