package dev.petiole.registry.problem;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/// What to tell about a body that is not the JSON it should be.
final class UnreadableBody {

    private static final String BODY = "body";

    private UnreadableBody() {}

    /// @param cause null if there was no body at all
    static InvalidFields explain(@Nullable JacksonException cause) {
        if (cause == null) {
            return new InvalidFields(BODY, "must not be empty");
        }
        String path = path(cause.getPath());
        if (cause instanceof ValueInstantiationException e) {
            return missing(path, candidates(e.getType().getRawClass()));
        }
        return new InvalidFields(path.isEmpty() ? BODY : path, message(cause));
    }

    /// A record refused what it was made of: null where a list or map must be, or null in one.
    private static InvalidFields missing(String path, List<String> candidates) {
        if (candidates.size() == 1) {
            String prefix = path.isEmpty() ? "" : path + ".";
            return new InvalidFields(prefix + candidates.getFirst(), "must be given, and hold no null");
        }
        return new InvalidFields(path.isEmpty() ? BODY : path, "must not hold null in any list or object");
    }

    private static String message(JacksonException cause) {
        return switch (cause) {
            case UnrecognizedPropertyException e -> "is not a field here; there are " + names(e);
            case InvalidFormatException e -> "must be " + expected(e.getTargetType());
            case MismatchedInputException e -> "must be " + expected(e.getTargetType());
            default -> "is not valid JSON: " + cause.getOriginalMessage();
        };
    }

    private static String names(UnrecognizedPropertyException e) {
        Collection<Object> known = e.getKnownPropertyIds();
        return known == null
                ? "others"
                : known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "of another type";
        }
        if (type.isEnum()) {
            return "one of " + enumNames(type);
        }
        if (type.isRecord() || Map.class.isAssignableFrom(type)) {
            return "an object";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "an array";
        }
        if (type == Duration.class) {
            return "a duration of ISO 8601, such as PT10S";
        }
        return "of type " + type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String enumNames(Class<?> type) {
        return Arrays.stream(type.getFields())
                .filter(Field::isEnumConstant)
                .map(field -> {
                    var name = field.getAnnotation(JsonProperty.class);
                    return name == null ? field.getName() : name.value();
                })
                .collect(Collectors.joining(", "));
    }

    /// @return the lists and maps of a record that must be there; all of them if none must
    private static List<String> candidates(Class<?> type) {
        if (!type.isRecord()) {
            return List.of();
        }
        List<RecordComponent> containers = Arrays.stream(type.getRecordComponents())
                .filter(UnreadableBody::isContainer)
                .toList();
        List<RecordComponent> required =
                containers.stream().filter(UnreadableBody::isRequired).toList();
        return (required.isEmpty() ? containers : required)
                .stream().map(RecordComponent::getName).toList();
    }

    private static boolean isContainer(RecordComponent component) {
        return Map.class.isAssignableFrom(component.getType())
                || Collection.class.isAssignableFrom(component.getType());
    }

    private static boolean isRequired(RecordComponent component) {
        return component.getAccessor().isAnnotationPresent(NotNull.class)
                || component.getAccessor().isAnnotationPresent(NotBlank.class);
    }

    private static String path(List<JacksonException.Reference> references) {
        var path = new StringBuilder();
        for (JacksonException.Reference reference : references) {
            String name = reference.getPropertyName();
            if (name == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(name);
            }
        }
        return path.toString();
    }
}
