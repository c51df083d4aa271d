package dev.petiole.registry.watch;

import dev.petiole.registry.revision.Change;
import dev.petiole.registry.revision.Snapshots;
import dev.petiole.registry.revision.Versioned;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Reads the present state a page at a time, so that neither memory nor a transaction is held while a watcher reads.
/// Later pages are of later revisions; so in the end whatever of the log lies between a page and the last one is to be
/// sent too, and then all of it is the state at one revision.
final class PresentState<T> {

    private static final int PAGE = 200;

    private final Snapshots snapshots;
    private final WatchFilter<T> filter;
    private final List<Page> pages = new ArrayList<>();
    private List<String> position;
    private boolean isComplete;

    PresentState(Snapshots snapshots, WatchFilter<T> filter) {
        this.snapshots = snapshots;
        this.filter = filter;
        this.position = filter.beginning();
    }

    /// @param last the greatest key it covers
    private record Page(long revision, List<String> last) {}

    boolean isComplete() {
        return isComplete;
    }

    /// @return the items of the next page
    List<Versioned<T>> next() {
        return snapshots.read(revision -> {
            List<Versioned<T>> items = filter.present().after(position, PAGE);
            if (items.size() < PAGE) {
                isComplete = true;
            } else {
                position = filter.key().apply(items.getLast().value());
            }
            pages.add(new Page(revision, position));
            return items;
        });
    }

    /// @return the revision of the first page
    long firstRevision() {
        return pages.getFirst().revision();
    }

    /// @return the revision of the last page, and so of the whole
    long revision() {
        return pages.getLast().revision();
    }

    /// @return whether a page that was read showed what `change` has brought
    boolean contains(Change<T> change) {
        Versioned<T> before = change.before();
        T item = before == null ? change.after() : before.value();
        List<String> key = filter.key().apply(Objects.requireNonNull(item));
        for (Page page : pages.subList(0, pages.size() - 1)) {
            if (compare(key, page.last()) <= 0) {
                return change.revision() <= page.revision();
            }
        }
        return change.revision() <= revision();
    }

    private static int compare(List<String> left, List<String> right) {
        for (int i = 0; i < left.size(); i++) {
            int order = left.get(i).compareTo(right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
