package dev.petiole.registry.revision;

import dev.petiole.api.watch.ListPage;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.springframework.stereotype.Component;

/// Cuts lists into pages, each of one consistent state.
@Component
public final class Pages {

    private final Snapshots snapshots;
    private final RevisionLog revisions;

    Pages(Snapshots snapshots, RevisionLog revisions) {
        this.snapshots = snapshots;
        this.revisions = revisions;
    }

    /// @param fetch reads at most so many items after the cursor, in order
    public <T, V> ListPage<V> page(
            int limit,
            IntFunction<List<Versioned<T>>> fetch,
            Function<T, List<String>> key,
            BiFunction<T, String, V> view) {
        return snapshots.read(revision -> {
            ResourceVersion resourceVersion = revisions.at(revision);
            List<Versioned<T>> items = fetch.apply(limit + 1);
            String next = null;
            if (items.size() > limit) {
                items = items.subList(0, limit);
                next = Cursor.after(resourceVersion, key.apply(items.getLast().value()));
            }
            List<V> views = items.stream()
                    .map(item -> view.apply(
                            item.value(), revisions.at(item.revision()).toString()))
                    .toList();
            return new ListPage<>(views, next, resourceVersion.toString());
        });
    }
}
