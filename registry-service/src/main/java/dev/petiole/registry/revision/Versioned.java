package dev.petiole.registry.revision;

import java.util.function.Function;

/// An item and the revision that last changed it.
public record Versioned<T>(T value, long revision) {

    public <R> R map(Function<T, R> function) {
        return function.apply(value);
    }
}
