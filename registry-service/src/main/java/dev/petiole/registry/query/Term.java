package dev.petiole.registry.query;

import org.jspecify.annotations.Nullable;

/// A condition on a label or property: `key`, or `key=value`.
///
/// @param value null if any will do
public record Term(String key, @Nullable String value) {

    static Term parse(String text) {
        int equals = text.indexOf('=');
        return equals < 0 ? new Term(text, null) : new Term(text.substring(0, equals), text.substring(equals + 1));
    }

    /// @return whether `present`, the value of the key if there is one, is as it must be
    public boolean fits(@Nullable String present) {
        return present != null && (value == null || value.equals(present));
    }
}
