package dev.petiole.registry.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.petiole.registry.problem.FieldError;
import dev.petiole.registry.problem.InvalidFields;
import dev.petiole.registry.problem.StorableTexts;
import dev.petiole.registry.revision.Cursor;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/// What a reader asks of a list.
public final class ListQuery {

    private static final Set<String> PAGING = Set.of("limit", "cursor", "fields");
    private static final int MAX_VALUE = 1_024;
    private static final int MAX_VALUES = 32;

    private final Map<String, List<String>> parameters;

    private ListQuery(Map<String, List<String>> parameters) {
        this.parameters = parameters;
    }

    /// @param known the parameters of this list, besides `limit`, `cursor` and `fields`
    /// @throws InvalidFields if there are others, or too many, or too long ones
    public static ListQuery of(MultiValueMap<String, String> given, Set<String> known) {
        List<FieldError> errors = new ArrayList<>();
        Map<String, List<String>> parameters = new TreeMap<>();
        given.forEach((name, values) -> {
            if (!known.contains(name) && !PAGING.contains(name)) {
                Set<String> all = new TreeSet<>(known);
                all.addAll(PAGING);
                String shown = name.substring(0, Math.min(name.length(), MAX_VALUE));
                errors.add(new FieldError(shown, "is no parameter here; there are " + String.join(", ", all)));
            } else if (!values.stream().allMatch(StorableTexts::isStorable)) {
                errors.add(new FieldError(name, "must not contain the character U+0000"));
            } else if (values.size() > MAX_VALUES) {
                errors.add(new FieldError(name, "must be given at most " + MAX_VALUES + " times"));
            } else if (values.stream().anyMatch(value -> value == null || value.length() > MAX_VALUE)) {
                errors.add(new FieldError(name, "must have at most " + MAX_VALUE + " characters"));
            }
            parameters.put(name, List.copyOf(values));
        });
        if (!errors.isEmpty()) {
            throw new InvalidFields(errors);
        }
        return new ListQuery(parameters);
    }

    /// @throws InvalidFields if it is given more than once
    public @Nullable String find(String name) {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw new InvalidFields(name, "must be given once");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    public List<String> all(String name) {
        return parameters.getOrDefault(name, List.of());
    }

    public List<Term> terms(String name) {
        List<Term> terms = all(name).stream().map(Term::parse).toList();
        if (terms.stream().anyMatch(term -> term.key().isBlank())) {
            throw new InvalidFields(name, "must be KEY or KEY=VALUE");
        }
        return terms;
    }

    /// @return the constants that are named as clients see them; none lets all through
    public <E extends Enum<E>> Set<E> constants(String name, Class<E> type) {
        Set<E> constants = EnumSet.noneOf(type);
        for (String value : all(name)) {
            constants.add(Arrays.stream(type.getEnumConstants())
                    .filter(constant -> name(constant).equals(value))
                    .findFirst()
                    .orElseThrow(() -> new InvalidFields(
                            name,
                            "must be one of "
                                    + Arrays.stream(type.getEnumConstants())
                                            .map(ListQuery::name)
                                            .collect(Collectors.joining(", ")))));
        }
        return constants;
    }

    public @Nullable Integer limit() {
        String limit = find("limit");
        try {
            return limit == null ? null : Integer.valueOf(limit);
        } catch (NumberFormatException _) {
            throw new InvalidFields("limit", "must be a whole number");
        }
    }

    public @Nullable String cursor() {
        return find("cursor");
    }

    /// @param parts how many parts a key of this list has
    /// @return the key of the last item of the page before, as [#after] has it; empty texts if there is none
    /// @throws InvalidFields if the cursor is of another list, or of other filters or another order
    public List<String> position(int parts, String epoch) {
        List<String> position = Cursor.parse(cursor(), parts + 1, epoch);
        if (cursor() != null && !position.getFirst().equals(fingerprint())) {
            throw new InvalidFields("cursor", "belongs to a list with other filters or another order");
        }
        return position.subList(1, position.size());
    }

    /// @return what a cursor after the item of this key holds
    public List<String> after(List<String> key) {
        List<String> position = new ArrayList<>();
        position.add(fingerprint());
        position.addAll(key);
        return position;
    }

    /// @return the same for the same filters and order, on every replica
    private String fingerprint() {
        Map<String, List<String>> filters = new TreeMap<>(parameters);
        filters.keySet().removeAll(PAGING);
        return Integer.toHexString(filters.toString().hashCode());
    }

    /// @return the name of a constant as clients see it
    public static String name(Enum<?> constant) {
        try {
            Field field = constant.getDeclaringClass().getField(constant.name());
            JsonProperty property = field.getAnnotation(JsonProperty.class);
            return property == null ? constant.name() : property.value();
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }
}
