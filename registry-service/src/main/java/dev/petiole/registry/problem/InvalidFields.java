package dev.petiole.registry.problem;

import java.util.List;
import java.util.stream.Collectors;

/// Fields of a request are not as they must be.
public final class InvalidFields extends Refusal {

    private static final long serialVersionUID = 1L;

    private final transient List<FieldError> errors;

    public InvalidFields(List<FieldError> errors) {
        super(
                ProblemType.INVALID_FIELD,
                errors.stream()
                        .map(error -> error.field() + " " + error.message())
                        .collect(Collectors.joining("; ", "", ".")));
        this.errors = List.copyOf(errors);
    }

    public InvalidFields(String field, String message) {
        this(List.of(new FieldError(field, message)));
    }

    public List<FieldError> errors() {
        return errors;
    }
}
