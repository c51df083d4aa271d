package dev.petiole.registry.revision;

import dev.petiole.registry.problem.InvalidFields;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a page of a list ends: the key of its last item. What is added or removed meanwhile moves no other item.
public final class Cursor {

    /// How many items a page has unless its reader says otherwise.
    public static final int DEFAULT_LIMIT = 500;

    /// The largest page.
    public static final int MAX_LIMIT = 1000;

    private static final String SEPARATOR = "\n";

    private Cursor() {}

    /// @param key the parts of the last item's key
    public static String after(ResourceVersion resourceVersion, List<String> key) {
        String text = resourceVersion + SEPARATOR + String.join(SEPARATOR, key);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// @param parts how many parts a key of this list has
    /// @return as many empty strings if there is no cursor: every key is greater
    /// @throws InvalidFields if it can't be a cursor of this list
    /// @throws Gone if it belongs to another database
    public static List<String> parse(@Nullable String cursor, int parts, String epoch) {
        if (cursor == null) {
            return Collections.nCopies(parts, "");
        }
        List<String> fields = List.of(decode(cursor).split(SEPARATOR, -1));
        var resourceVersion = ResourceVersion.parse(fields.getFirst());
        if (fields.size() != parts + 1 || resourceVersion.isEmpty()) {
            throw notACursor();
        }
        if (!resourceVersion.get().epoch().equals(epoch)) {
            throw new Gone(fields.getFirst());
        }
        return fields.subList(1, fields.size());
    }

    /// @return the size of a page
    /// @throws InvalidFields if it is out of range
    public static int limit(@Nullable Integer limit) {
        if (limit == null) {
            return DEFAULT_LIMIT;
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new InvalidFields("limit", "must be 1 to " + MAX_LIMIT);
        }
        return limit;
    }

    private static String decode(String cursor) {
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw notACursor();
        }
    }

    private static InvalidFields notACursor() {
        return new InvalidFields("cursor", "must be the nextCursor of the page before");
    }
}
