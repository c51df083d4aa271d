package dev.petiole.api.watch;

/// How a list is watched: `GET` with `Accept: text/event-stream` and the list's own filters.
///
/// Without `Last-Event-ID` the stream begins with the present state, one [#ADDED] per item, ended by a [#BOOKMARK]
/// whose data say `"initialEventsEnd":true`. What changes while that is sent comes before the bookmark too; these
/// events have no `id`, since one can't go on in the middle. Then come changes in the order of their revisions. Each
/// event's `id` is a resource version; with it as `Last-Event-ID` a client that was cut off goes on where it was. A
/// resource version that is no longer kept, or belongs to another database, is answered 410: begin anew.
///
/// The data of [#ADDED], [#MODIFIED] and [#DELETED] are the item as it is after the change (before it, for a deletion);
/// an item that leaves the filter is deleted for this watcher. A bookmark's data are `{"resourceVersion":"…"}`.
public final class WatchEvents {

    public static final String ADDED = "added";
    public static final String MODIFIED = "modified";
    public static final String DELETED = "deleted";
    public static final String BOOKMARK = "bookmark";

    private WatchEvents() {}

    /// The data of a bookmark: everything up to this resource version has been sent.
    public record Bookmark(String resourceVersion, boolean initialEventsEnd) {}
}
