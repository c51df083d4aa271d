package dev.petiole.registry.watch;

import dev.petiole.registry.revision.Kind;
import dev.petiole.registry.revision.Versioned;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// What a watcher wants to see.
///
/// @param matches decides by the item alone, so that what a watcher sees is a function of the log
/// @param present all items that match now, in the order of the list
public record WatchFilter<T>(Kind<T> kind, Predicate<T> matches, Supplier<List<Versioned<T>>> present) {}
