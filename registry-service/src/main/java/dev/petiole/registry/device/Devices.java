package dev.petiole.registry.device;

import static dev.petiole.registry.LogKeys.DEVICE;
import static dev.petiole.registry.LogKeys.PRESENCE;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationStatus.DeviceCounts;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.Decision;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.api.device.DeviceEvent;
import dev.petiole.api.device.DeviceSlots;
import dev.petiole.api.watch.ListPage;
import dev.petiole.registry.configuration.ConfigurationListener;
import dev.petiole.registry.configuration.ConfigurationRecord;
import dev.petiole.registry.configuration.Configurations;
import dev.petiole.registry.history.History;
import dev.petiole.registry.history.HistoryEntry;
import dev.petiole.registry.node.NodeListener;
import dev.petiole.registry.problem.NotFound;
import dev.petiole.registry.query.ListQuery;
import dev.petiole.registry.revision.Attendance;
import dev.petiole.registry.revision.Cursor;
import dev.petiole.registry.revision.IfMatch;
import dev.petiole.registry.revision.Pages;
import dev.petiole.registry.revision.RevisionLog;
import dev.petiole.registry.revision.Versioned;
import dev.petiole.registry.revision.WriteTransaction;
import dev.petiole.registry.timer.Timed;
import dev.petiole.registry.timer.Timers;
import dev.petiole.registry.watch.WatchFilter;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// All devices.
@Component
public final class Devices implements NodeListener, ConfigurationListener, Timed {

    private static final Logger log = LoggerFactory.getLogger(Devices.class);

    private static final int MAX_NAMES_IN_QUERY = 500;
    private static final int MAX_DUE_AT_ONCE = 200;

    private final DeviceStore store;
    private final DeviceSearchStore search;
    private final Configurations configurations;
    private final Timers timers;
    private final Attendance attendance;
    private final RevisionLog revisions;
    private final Pages pages;
    private final History history;
    private final Duration retention;

    Devices(
            DeviceStore store,
            DeviceSearchStore search,
            Configurations configurations,
            Timers timers,
            Attendance attendance,
            RevisionLog revisions,
            Pages pages,
            History history,
            DeviceProperties properties) {
        this.store = store;
        this.search = search;
        this.configurations = configurations;
        this.timers = timers;
        this.attendance = attendance;
        this.revisions = revisions;
        this.pages = pages;
        this.history = history;
        this.retention = properties.retention();
    }

    /// @return the device as it is within this transaction
    public Optional<Versioned<DeviceRecord>> find(DeviceKey key) {
        return store.find(key);
    }

    /// @return what concerns an observation: the Configuration's devices that the node has reported, and those named
    ///     one of `names`
    public List<Versioned<DeviceRecord>> listConcerned(
            ConfigurationKey configuration, String node, Collection<String> names) {
        Map<String, Versioned<DeviceRecord>> concerned = new HashMap<>();
        store.listSeenBy(node, configuration)
                .forEach(device -> concerned.put(device.value().name(), device));
        List<String> others = names.stream()
                .filter(name -> !concerned.containsKey(name))
                .distinct()
                .toList();
        for (int from = 0; from < others.size(); from += MAX_NAMES_IN_QUERY) {
            List<String> some = others.subList(from, Math.min(from + MAX_NAMES_IN_QUERY, others.size()));
            store.listNamed(configuration, some)
                    .forEach(device -> concerned.put(device.value().name(), device));
        }
        return List.copyOf(concerned.values());
    }

    /// Writes what has changed of one Configuration's devices.
    ///
    /// @return the Configuration's counts after it, which the caller must store
    public DeviceCounts write(
            WriteTransaction transaction, ConfigurationRecord configuration, List<DeviceChange> changes) {
        List<DeviceChange> real = changes.stream().filter(DeviceChange::isReal).toList();
        record(transaction, real);
        for (DeviceChange change : real) {
            DeviceRecord after = change.after();
            if (after == null) {
                store.remove(transaction, Objects.requireNonNull(change.before()));
                continue;
            }
            DeviceStore.Due due = due(after, configuration.spec().gracePeriod());
            store.put(transaction, change.before(), after, due);
            if (due != null) {
                timers.wakeAt(transaction, due.at());
            }
            logPresence(change.before(), after);
        }
        return PresenceCounts.after(configuration.counts(), real);
    }

    /// Writes what has changed, and the Configuration's counts with it.
    public void apply(WriteTransaction transaction, ConfigurationKey key, List<DeviceChange> changes) {
        configurations.find(key).ifPresent(configuration -> {
            DeviceCounts counts = write(transaction, configuration, changes);
            configurations.amend(transaction, key, current -> current.withCounts(counts));
        });
    }

    /// @return the device, if it may be decided about
    /// @throws NotFound if there is none
    public Versioned<DeviceRecord> demandDecidable(DeviceKey key, IfMatch ifMatch, Admission admission) {
        Versioned<DeviceRecord> device = store.find(key).orElseThrow(() -> new NotFound("device " + key));
        if (device.value().admission() != admission) {
            ifMatch.demand("device " + key, revisions.at(store.decidedAt(key)), device.revision());
        }
        return device;
    }

    /// Decides about a device. Saying again what holds already changes nothing.
    ///
    /// @return the device after it
    public Versioned<DeviceRecord> decide(
            WriteTransaction transaction, Versioned<DeviceRecord> device, Admission admission, Cause cause) {
        DeviceRecord before = device.value();
        if (before.admission() == admission) {
            return device;
        }
        DeviceRecord after = before.decided(
                admission,
                admission == Admission.PENDING ? null : new Decision(cause.by(), transaction.now(), cause.why()));
        ConfigurationKey key = before.configuration();
        ConfigurationSpec spec = configurations.find(key).orElseThrow().spec();
        DeviceRecord judged = AdmissionRules.applied(spec, after, transaction.now());
        apply(transaction, key, List.of(new DeviceChange(device, judged, cause)));
        return store.find(before.key()).orElseThrow();
    }

    /// @return all devices of a Configuration
    public List<Versioned<DeviceRecord>> listOf(ConfigurationKey configuration) {
        return store.listOf(configuration);
    }

    /// @return how long the record of an offline device is kept
    public Duration retention() {
        return retention;
    }

    /// @return the device as clients see it
    public Device view(Versioned<DeviceRecord> device) {
        return device.value().toApi(revisions.at(device.revision()).toString());
    }

    @Override
    public void nodeFellSilent(WriteTransaction transaction, String node) {
        changeSeenBy(transaction, node, DeviceRecord::unknownTo, null);
    }

    @Override
    public void nodeReturned(WriteTransaction transaction, String node) {
        changeSeenBy(transaction, node, DeviceRecord::knownAgainTo, null);
    }

    @Override
    public void nodeGone(WriteTransaction transaction, String node) {
        changeSeenBy(transaction, node, DeviceRecord::forgottenBy, Cause.registry("Node " + node + " exists no more."));
    }

    @Override
    public void configurationChanged(
            WriteTransaction transaction, ConfigurationRecord before, ConfigurationRecord after) {
        boolean isRetargeted = !Objects.equals(before.targets(), after.targets());
        if (before.spec().equals(after.spec()) && before.labels().equals(after.labels()) && !isRetargeted) {
            return;
        }
        List<DeviceChange> changes = new ArrayList<>();
        for (Versioned<DeviceRecord> device : store.listOf(after.key())) {
            DeviceRecord changed = under(after, device.value(), transaction.now());
            changes.add(new DeviceChange(device, changed));
            if (changed.equals(device.value())) {
                // Its grace period may have another length now.
                store.setDue(changed.key(), due(changed, after.spec().gracePeriod()));
            }
        }
        apply(transaction, after.key(), changes);
        timers.wakeAt(transaction, transaction.now());
    }

    @Override
    public void configurationRemoved(WriteTransaction transaction, ConfigurationRecord configuration) {
        Cause cause = Cause.registry("The Configuration was removed.");
        List<DeviceChange> removals = store.listOf(configuration.key()).stream()
                .map(device -> new DeviceChange(device, null, cause))
                .toList();
        record(transaction, removals);
        removals.forEach(removal -> store.remove(transaction, Objects.requireNonNull(removal.before())));
    }

    @Override
    public String name() {
        return "devices";
    }

    @Override
    public @Nullable Instant next() {
        return store.findNextDue().orElse(null);
    }

    @Override
    public void fire(WriteTransaction transaction) {
        Map<ConfigurationKey, List<Versioned<DeviceRecord>>> byConfiguration = new HashMap<>();
        for (Versioned<DeviceRecord> device : store.listDue(transaction.now(), MAX_DUE_AT_ONCE)) {
            byConfiguration
                    .computeIfAbsent(device.value().configuration(), _ -> new ArrayList<>())
                    .add(device);
        }
        byConfiguration.forEach((key, devices) -> passTime(transaction, key, devices));
    }

    @Override
    public void restart(WriteTransaction transaction) {
        store.restartPeriods(transaction.now());
    }

    Device get(DeviceKey key) {
        return view(store.find(key).orElseThrow(() -> new NotFound("device " + key)));
    }

    ListPage<DeviceEvent> history(DeviceKey key, @Nullable Integer limit, @Nullable String cursor) {
        ListPage<DeviceEvent> page = history.page(key.group(), key.namespace(), key.name(), limit, cursor);
        if (page.items().isEmpty() && cursor == null && store.find(key).isEmpty()) {
            throw new NotFound("device " + key);
        }
        return page;
    }

    ListPage<Device> list(ListQuery query) {
        DeviceFilter filter = DeviceFilter.of(query);
        DeviceOrder order = DeviceOrder.parse(query.find("sort"));
        List<String> after = query.position(4, revisions.epoch());
        String value = URLDecoder.decode(after.getFirst(), StandardCharsets.UTF_8);
        return pages.page(
                Cursor.limit(query.limit()),
                atMost -> search.listAfter(filter, order, value, after.subList(1, 4), atMost),
                device -> query.after(position(order, device)),
                DeviceRecord::toApi);
    }

    WatchFilter<DeviceRecord> watch(DeviceFilter filter) {
        return new WatchFilter<>(
                DeviceRecord.KIND,
                filter::matches,
                (key, limit) -> search.listAfter(filter, DeviceOrder.BY_KEY, "", key, limit),
                device -> device.key().parts(),
                List.of("", "", ""));
    }

    DeviceSlots slots(DeviceKey key) {
        Device device = get(key);
        int free = Math.max(0, device.capacity() - device.slots().size());
        return new DeviceSlots(device.capacity(), free, device.slots(), device.resourceVersion());
    }

    private static List<String> position(DeviceOrder order, DeviceRecord device) {
        List<String> position = new ArrayList<>();
        position.add(URLEncoder.encode(order.value(device), StandardCharsets.UTF_8));
        position.addAll(device.key().parts());
        return position;
    }

    private void changeSeenBy(WriteTransaction transaction, String node, SightingChange change, @Nullable Cause cause) {
        Map<ConfigurationKey, List<DeviceChange>> byConfiguration = new HashMap<>();
        for (Versioned<DeviceRecord> device : store.listSeenBy(node)) {
            byConfiguration
                    .computeIfAbsent(device.value().configuration(), _ -> new ArrayList<>())
                    .add(new DeviceChange(device, change.apply(device.value(), node, transaction.now()), cause));
        }
        byConfiguration.forEach((key, changes) -> apply(transaction, key, changes));
    }

    /// What a changed Configuration makes of a device.
    private static DeviceRecord under(ConfigurationRecord configuration, DeviceRecord device, Instant now) {
        ConfigurationSpec spec = configuration.spec();
        DeviceRecord changed =
                AdmissionRules.applied(spec, device.withPolicy(spec.capacity(), configuration.labels()), now);
        for (Sighting sighting : device.sightings()) {
            // Nobody will say anything more of it there.
            changed = configuration.isFor(sighting.node()) ? changed : changed.missedBy(sighting.node(), now);
        }
        return changed;
    }

    private void record(WriteTransaction transaction, List<DeviceChange> changes) {
        List<HistoryEntry> entries = changes.stream()
                .flatMap(change -> HistoryRules.entries(change, transaction.now()).stream())
                .toList();
        history.append(transaction, entries);
    }

    private void passTime(WriteTransaction transaction, ConfigurationKey key, List<Versioned<DeviceRecord>> devices) {
        ConfigurationRecord configuration = configurations.find(key).orElseThrow();
        Duration grace = configuration.spec().gracePeriod();
        Instant now = transaction.now();
        List<DeviceChange> changes = new ArrayList<>();
        for (Versioned<DeviceRecord> device : devices) {
            DeviceRecord after = device.value().afterGrace(since -> isOver(since, grace, now), now);
            boolean isForgotten = isKeptForAWhile(after) && isOver(after.presenceSince(), retention, now);
            changes.add(new DeviceChange(device, isForgotten ? null : after));
            if (after.equals(device.value()) && !isForgotten) {
                store.setDue(after.key(), due(after, grace));
            }
        }
        apply(transaction, key, changes);
    }

    private boolean isOver(Instant since, Duration period, Instant now) {
        return !attendance.noEarlier(since).plus(period).isAfter(now);
    }

    /// An ignored device is remembered for ever, so that it stays ignored.
    private static boolean isKeptForAWhile(DeviceRecord device) {
        return device.presence() == Presence.OFFLINE && device.admission() != Admission.IGNORED;
    }

    private DeviceStore.@Nullable Due due(DeviceRecord device, Duration grace) {
        if (isKeptForAWhile(device)) {
            return new DeviceStore.Due(
                    attendance.noEarlier(device.presenceSince()).plus(retention), retention);
        }
        return device.sightings().stream()
                .filter(sighting -> sighting.presence() == Presence.MISSING)
                .map(Sighting::since)
                .min(Instant::compareTo)
                .map(since -> new DeviceStore.Due(attendance.noEarlier(since).plus(grace), grace))
                .orElse(null);
    }

    private static void logPresence(@Nullable Versioned<DeviceRecord> before, DeviceRecord after) {
        if (before == null || before.value().presence() != after.presence()) {
            log.atInfo()
                    .addKeyValue(DEVICE, after.key())
                    .addKeyValue(PRESENCE, after.presence())
                    .log("device changed its presence");
        }
    }

    private interface SightingChange {

        DeviceRecord apply(DeviceRecord device, String node, Instant now);
    }
}
