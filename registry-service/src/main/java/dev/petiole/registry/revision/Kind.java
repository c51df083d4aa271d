package dev.petiole.registry.revision;

import java.util.function.BiFunction;

/// A kind of item that is logged.
///
/// @param name as stored in the log
/// @param type what a module knows of an item; a record that survives a round trip through JSON
/// @param view how clients see an item, given its resource version
public record Kind<T>(String name, Class<T> type, BiFunction<T, String, ?> view) {}
