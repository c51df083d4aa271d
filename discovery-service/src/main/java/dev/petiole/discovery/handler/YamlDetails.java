package dev.petiole.discovery.handler;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Discovery details written in YAML (hence also in JSON), read strictly into a record. A field of the record that must
/// be given is checked by its compact constructor, which throws [InvalidDetails].
public final class YamlDetails {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private YamlDetails() {}

    /// @param details empty means that no field is given
    /// @throws InvalidDetails if a field is unknown or has the wrong type, or the text is not YAML
    public static <T> T read(String details, Class<T> type) {
        try {
            T value = YAML.readValue(details.isBlank() ? "{}" : details, type);
            if (value == null) {
                throw new InvalidDetails("discoveryDetails: empty (expected: YAML fields)");
            }
            return value;
        } catch (UnrecognizedPropertyException e) {
            throw new InvalidDetails(unknownField(e), e);
        } catch (DatabindException e) {
            throw invalid(e);
        } catch (JacksonException e) {
            throw new InvalidDetails("discoveryDetails: not YAML: " + firstLine(e), e);
        }
    }

    private static InvalidDetails invalid(DatabindException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidDetails details) {
                return details;
            }
        }
        return new InvalidDetails("discoveryDetails" + path(e) + ": " + firstLine(e), e);
    }

    private static String unknownField(UnrecognizedPropertyException e) {
        Collection<Object> known = e.getKnownPropertyIds();
        return "discoveryDetails" + path(e) + ": unknown field (known fields: "
                + (known == null ? List.of() : known)
                        .stream().map(Object::toString).sorted().collect(Collectors.joining(", "))
                + ")";
    }

    private static String path(DatabindException e) {
        return e.getPath().stream()
                .map(reference -> reference.getPropertyName() == null
                        ? "[" + reference.getIndex() + "]"
                        : "." + reference.getPropertyName())
                .collect(Collectors.joining());
    }

    private static String firstLine(JacksonException e) {
        String message = e.getOriginalMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
