package dev.petiole.registry.watch;

import dev.petiole.registry.revision.Kind;
import dev.petiole.registry.revision.Versioned;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/// What a watcher wants to see.
///
/// @param matches decides by the item alone, so that what a watcher sees is a function of the log
/// @param present reads the items that match now, in the order of the list
/// @param key the parts of an item's key, by which the list is ordered
/// @param beginning is less than every key
public record WatchFilter<T>(
        Kind<T> kind,
        Predicate<T> matches,
        PresentItems<T> present,
        Function<T, List<String>> key,
        List<String> beginning) {

    /// Reads the items that match now.
    @FunctionalInterface
    public interface PresentItems<T> {

        /// @param key the greatest key not to be read
        List<Versioned<T>> after(List<String> key, int limit);
    }
}
