package dev.petiole.registry.watch;

import dev.petiole.registry.revision.Kind;
import dev.petiole.registry.revision.Versioned;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a watcher wants to see.
///
/// @param matches decides by the item alone, so that what a watcher sees is a function of the log
/// @param present reads the items that match now, in the order of the list
/// @param key the parts of an item's key, by which the list is ordered
/// @param beginning is less than every key
/// @param projection what of each item is shown; null for all of it
public record WatchFilter<T>(
        Kind<T> kind,
        Predicate<T> matches,
        PresentItems<T> present,
        Function<T, List<String>> key,
        List<String> beginning,
        @Nullable Projection projection) {

    public WatchFilter(
            Kind<T> kind,
            Predicate<T> matches,
            PresentItems<T> present,
            Function<T, List<String>> key,
            List<String> beginning) {
        this(kind, matches, present, key, beginning, null);
    }

    /// The same items, but no more of each than `fields` names; null for whole items.
    public WatchFilter<T> showing(@Nullable String fields) {
        return new WatchFilter<>(kind, matches, present, key, beginning, Projection.parse(fields));
    }

    /// Reads the items that match now.
    @FunctionalInterface
    public interface PresentItems<T> {

        /// @param key the greatest key not to be read
        List<Versioned<T>> after(List<String> key, int limit);
    }
}
