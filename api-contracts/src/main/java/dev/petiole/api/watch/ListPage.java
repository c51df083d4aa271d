package dev.petiole.api.watch;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of a list.
///
/// @param nextCursor opaque; null on the last page
/// @param resourceVersion the state of the registry that the page shows
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ListPage<T>(List<T> items, @Nullable String nextCursor, String resourceVersion) implements Tagged {
    public ListPage {
        items = List.copyOf(items);
    }
}
