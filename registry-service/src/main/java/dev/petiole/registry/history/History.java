package dev.petiole.registry.history;

import dev.petiole.api.device.DeviceEvent;
import dev.petiole.api.watch.ListPage;
import dev.petiole.registry.problem.InvalidFields;
import dev.petiole.registry.revision.Cursor;
import dev.petiole.registry.revision.ResourceVersion;
import dev.petiole.registry.revision.RevisionLog;
import dev.petiole.registry.revision.Snapshots;
import dev.petiole.registry.revision.WriteTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The histories of all devices.
@Component
public final class History {

    private static final int MAX_TRIMMED_AT_ONCE = 5_000;
    private static final int MAX_DEVICES_TRIMMED_AT_ONCE = 100;
    private static final int MAX_REMEMBERED = 20_000;

    private final HistoryStore store;
    private final HistoryProperties properties;
    private final Snapshots snapshots;
    private final RevisionLog revisions;
    // Whose history has grown since it was trimmed last. One that is forgotten here is trimmed when it grows again.
    private final Set<HistoryStore.Subject> grown = ConcurrentHashMap.newKeySet();

    History(HistoryStore store, HistoryProperties properties, Snapshots snapshots, RevisionLog revisions) {
        this.store = store;
        this.properties = properties;
        this.snapshots = snapshots;
        this.revisions = revisions;
    }

    /// Records what has happened, in the transaction that makes it happen.
    public void append(WriteTransaction transaction, List<HistoryEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        store.append(entries);
        transaction.afterCommit(() -> entries.forEach(entry -> {
            if (grown.size() < MAX_REMEMBERED) {
                grown.add(new HistoryStore.Subject(entry.group(), entry.namespace(), entry.device()));
            }
        }));
    }

    /// @return what happened to a device, newest first; empty if nothing is known of it
    public ListPage<DeviceEvent> page(
            String group, String namespace, String device, @Nullable Integer limit, @Nullable String cursor) {
        int size = Cursor.limit(limit);
        long before = position(Cursor.parse(cursor, 1, revisions.epoch()).getFirst());
        var subject = new HistoryStore.Subject(group, namespace, device);
        return snapshots.read(revision -> {
            ResourceVersion resourceVersion = revisions.at(revision);
            List<HistoryStore.Row> rows = store.before(subject, before, size + 1);
            boolean isLast = rows.size() <= size;
            List<HistoryStore.Row> shown = isLast ? rows : rows.subList(0, size);
            String next = isLast
                    ? null
                    : Cursor.after(
                            resourceVersion,
                            List.of(Long.toString(shown.getLast().id())));
            return new ListPage<>(
                    shown.stream().map(HistoryStore.Row::event).toList(), next, resourceVersion.toString());
        });
    }

    /// Forgets a bounded number of events that are too old or too many.
    ///
    /// @return whether there may be more to forget
    boolean trim(WriteTransaction transaction) {
        long before = transaction.now().minus(properties.keepFor()).toEpochMilli();
        int trimmed = store.trim(before, properties.keepAtMost(), MAX_TRIMMED_AT_ONCE);
        List<HistoryStore.Subject> some = new ArrayList<>(
                grown.stream().limit(MAX_DEVICES_TRIMMED_AT_ONCE).toList());
        some.forEach(subject -> store.trim(subject, properties.keepPerDevice()));
        some.forEach(grown::remove);
        return trimmed > 0 || !grown.isEmpty();
    }

    private static long position(String cursor) {
        try {
            return cursor.isEmpty() ? Long.MAX_VALUE : Long.parseLong(cursor);
        } catch (NumberFormatException _) {
            throw new InvalidFields("cursor", "must be the nextCursor of the page before");
        }
    }
}
