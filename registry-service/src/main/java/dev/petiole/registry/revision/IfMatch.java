package dev.petiole.registry.revision;

import dev.petiole.registry.problem.InvalidFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a writer has seen of an item before it changes it (RFC 9110 §13.1.1). A tag is good as long as nothing that
/// a writer could have changed has changed since: that a node has reported meanwhile makes no edit stale.
public final class IfMatch {

    private static final Pattern TAG = Pattern.compile("\\s*(W/)?\"([^\"]{0,200})\"\\s*(,|$)");
    private static final int MAX_LENGTH = 4096;

    private final boolean isGiven;
    private final boolean isAny;
    private final List<String> versions;

    private IfMatch(boolean isGiven, boolean isAny, List<String> versions) {
        this.isGiven = isGiven;
        this.isAny = isAny;
        this.versions = List.copyOf(versions);
    }

    /// @param header the value of `If-Match`; null if there is none
    /// @throws InvalidFields if it can't be one
    public static IfMatch header(@Nullable String header) {
        if (header == null) {
            return new IfMatch(false, false, List.of());
        }
        if (header.strip().equals("*")) {
            return new IfMatch(true, true, List.of());
        }
        List<String> strong = new ArrayList<>();
        Matcher tag = TAG.matcher(header);
        int end = 0;
        while (end < header.length() && header.length() <= MAX_LENGTH) {
            if (!tag.find(end) || tag.start() != end) {
                throw new InvalidFields("If-Match", "must be the ETag of what is changed, in double quotes");
            }
            // Weak tags never match here (RFC 9110 §8.8.3.2).
            if (tag.group(1) == null) {
                strong.add(tag.group(2));
            }
            end = tag.end();
        }
        if (end == 0) {
            throw new InvalidFields("If-Match", "must be the ETag of what is changed, in double quotes");
        }
        return new IfMatch(true, false, strong);
    }

    /// @param resourceVersion as the writer has seen it; null if it has not said
    public static IfMatch version(@Nullable String resourceVersion) {
        return resourceVersion == null
                ? new IfMatch(false, false, List.of())
                : new IfMatch(true, false, List.of(resourceVersion));
    }

    /// @param what such as `Configuration petiole.dev/default/scales`
    /// @param changed the last change of what a writer can change
    /// @param present the item's revision
    /// @throws PreconditionRequired if the writer does not say what it has seen
    /// @throws PreconditionFailed if that is outdated
    public void demand(String what, ResourceVersion changed, long present) {
        if (!isGiven) {
            throw new PreconditionRequired(what);
        }
        boolean isGood = isAny
                || versions.stream()
                        .map(ResourceVersion::parse)
                        .flatMap(Optional::stream)
                        .anyMatch(seen -> seen.epoch().equals(changed.epoch())
                                && seen.revision() >= changed.revision()
                                && seen.revision() <= present);
        if (!isGood) {
            throw PreconditionFailed.changed(what);
        }
    }

    /// @throws PreconditionFailed if the writer has seen something, since nothing is there
    public void demandNone(String what) {
        if (isGiven) {
            throw PreconditionFailed.absent(what);
        }
    }
}
