package dev.petiole.registry.device;

import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.Decision;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.api.device.DeviceEvent;
import dev.petiole.api.device.DeviceEvent.Type;
import dev.petiole.api.device.Slot;
import dev.petiole.registry.history.HistoryEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a change of a device adds to its history.
final class HistoryRules {

    private final DeviceKey key;
    private final @Nullable DeviceRecord before;
    private final @Nullable Cause cause;
    private final Instant now;
    private final List<HistoryEntry> entries = new ArrayList<>();

    private HistoryRules(DeviceKey key, DeviceChange change, Instant now) {
        this.key = key;
        this.before = change.before() == null ? null : change.before().value();
        this.cause = change.cause();
        this.now = now;
    }

    /// @return the events in the order in which they are to be told
    static List<HistoryEntry> entries(DeviceChange change, Instant now) {
        DeviceRecord after = change.after();
        DeviceRecord known = after == null
                ? Objects.requireNonNull(change.before(), "before").value()
                : after;
        var rules = new HistoryRules(known.key(), change, now);
        if (after == null) {
            rules.add(Type.REMOVED, rules.orRegistry("It was offline for longer than its record is kept."), null, null);
        } else {
            rules.presence(after);
            rules.admission(after);
            rules.slots(after);
        }
        return rules.entries;
    }

    private void presence(DeviceRecord after) {
        Presence was = before == null ? Presence.OFFLINE : before.presence();
        if (was == after.presence()) {
            return;
        }
        String node = newlyOf(after);
        switch (after.presence()) {
            case ONLINE -> add(Type.ONLINE, new Cause("node " + node, online(after, was, node)), node, null);
            case MISSING ->
                add(
                        Type.MISSING,
                        cause == null
                                ? new Cause(
                                        "node " + node,
                                        "Handler " + after.handler() + " of node " + node + " no longer lists it.")
                                : cause,
                        node,
                        null);
            case UNKNOWN ->
                add(Type.UNKNOWN, orRegistry("Node " + node + ", which saw it, has fallen silent."), node, null);
            case OFFLINE ->
                add(Type.OFFLINE, orRegistry("No node has listed it for longer than the grace period."), null, null);
        }
    }

    private String online(DeviceRecord after, Presence was, @Nullable String node) {
        if (before == null) {
            return "Handler " + after.handler() + " of node " + node + " found it.";
        }
        return switch (was) {
            case ONLINE, MISSING -> "Node " + node + " sees it again, within the grace period.";
            case UNKNOWN -> "Node " + node + " is heard again.";
            case OFFLINE -> "Handler " + after.handler() + " of node " + node + " found it again.";
        };
    }

    /// @return the node that has come to say what now holds
    private @Nullable String newlyOf(DeviceRecord after) {
        List<Sighting> saying = after.sightings().stream()
                .filter(sighting -> sighting.presence() == after.presence())
                .toList();
        return saying.stream()
                .filter(sighting -> before == null
                        || before.findSighting(sighting.node())
                                .filter(old -> old.presence() == sighting.presence())
                                .isEmpty())
                .findFirst()
                .or(() -> saying.stream().findFirst())
                .map(Sighting::node)
                .orElse(null);
    }

    private void admission(DeviceRecord after) {
        Decision decision = after.decision();
        boolean isUndecided = decision == null && after.admission() == Admission.APPROVED;
        if (before == null ? isUndecided : before.admission() == after.admission()) {
            return;
        }
        Cause decider = decision == null
                ? orRegistry(
                        after.admission() == Admission.PENDING
                                ? "It waits for somebody, or a rule, to decide."
                                : "The Configuration admits new devices automatically.")
                : new Cause(decision.by(), decision.why());
        Type type = switch (after.admission()) {
            case PENDING -> Type.PENDING;
            case APPROVED -> Type.APPROVED;
            case IGNORED -> Type.IGNORED;
        };
        add(type, decider, null, null);
    }

    private void slots(DeviceRecord after) {
        if (before == null) {
            // Whoever holds one was granted it in an earlier life of the record.
            return;
        }
        for (Slot old : before.slots()) {
            if (after.slots().stream().noneMatch(slot -> isSameClaim(slot, old))) {
                Cause told =
                        cause == null ? new Cause("node " + old.node(), "Its use has ended" + user(old) + ".") : cause;
                add(Type.RELEASED, told, old.node(), old.index());
            }
        }
        for (Slot slot : after.slots()) {
            if (before.slots().stream().noneMatch(old -> isSameClaim(slot, old))) {
                Cause told = new Cause(
                        "node " + slot.node(), "A container was given it as " + slot.resource() + user(slot) + ".");
                add(Type.CLAIMED, told, slot.node(), slot.index());
            }
        }
    }

    private static boolean isSameClaim(Slot one, Slot other) {
        return one.index() == other.index()
                && one.node().equals(other.node())
                && one.resource().equals(other.resource())
                && one.kubeletDeviceId().equals(other.kubeletDeviceId());
    }

    private static String user(Slot slot) {
        return slot.pod() == null
                ? ""
                : ", Pod " + slot.namespace() + "/" + slot.pod() + ", container " + slot.container();
    }

    private Cause orRegistry(String why) {
        return cause == null ? Cause.registry(why) : cause;
    }

    private void add(Type type, Cause told, @Nullable String node, @Nullable Integer slot) {
        entries.add(new HistoryEntry(
                key.group(),
                key.namespace(),
                key.name(),
                new DeviceEvent(now, type, told.by(), told.why(), node, slot)));
    }
}
