package dev.petiole.registry.problem;

/// What is wrong with one field.
///
/// @param field its path in the request, such as `spec.capacity`
/// @param message what it must be
public record FieldError(String field, String message) {}
