package dev.petiole.registry.device;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.Device.Admission;
import dev.petiole.api.device.Device.Decision;
import dev.petiole.api.device.Device.NodePresence;
import dev.petiole.api.device.Device.Presence;
import dev.petiole.api.device.Slot;
import dev.petiole.registry.dialect.Dialect;
import dev.petiole.registry.revision.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the registry knows of a device. Its methods are the rules of presence: each takes the time and returns the
/// device as it is then, which is the same device if nothing changes.
///
/// @param name see [Dialect]
/// @param labels those of its Configuration
/// @param properties those of the first sighting; of the last one that was if there is none
/// @param decision who decided on `admission`; null if nobody had to
/// @param presenceSince when `presence` last changed
/// @param sightings in the order in which the nodes first reported it
/// @param slots ordered by index
public record DeviceRecord(
        String name,
        ConfigurationKey configuration,
        String configurationUid,
        String handler,
        String identity,
        boolean shared,
        int capacity,
        Map<String, String> labels,
        Map<String, String> properties,
        Admission admission,
        @Nullable Decision decision,
        Presence presence,
        Instant presenceSince,
        List<Sighting> sightings,
        List<Slot> slots) {

    /// Devices in the log.
    public static final Kind<DeviceRecord> KIND = new Kind<>("device", DeviceRecord.class, DeviceRecord::toApi);

    public DeviceRecord {
        labels = Map.copyOf(labels);
        properties = Map.copyOf(properties);
        sightings = List.copyOf(sightings);
        slots = slots.stream().sorted(Comparator.comparingInt(Slot::index)).toList();
    }

    /// What makes a device this one and no other.
    ///
    /// @param node the node that alone can reach it; null if it is shared
    public record Origin(
            ConfigurationKey configuration,
            String configurationUid,
            String handler,
            String identity,
            @Nullable String node) {

        public String deviceName() {
            return Dialect.of(configuration).deviceName(configuration.name(), handler, identity, node);
        }
    }

    /// A device that no node has reported yet.
    public static DeviceRecord of(Origin origin, int capacity, Admission admission, Instant now) {
        return new DeviceRecord(
                origin.deviceName(),
                origin.configuration(),
                origin.configurationUid(),
                origin.handler(),
                origin.identity(),
                origin.node() == null,
                capacity,
                Map.of(),
                Map.of(),
                admission,
                null,
                Presence.OFFLINE,
                now,
                List.of(),
                List.of());
    }

    public DeviceKey key() {
        return DeviceKey.of(configuration, name);
    }

    /// @return whether this is the device that `node` reports as `origin`, and not another of the same name
    public boolean isFrom(Origin origin, String reporter) {
        return configuration.equals(origin.configuration())
                && handler.equals(origin.handler())
                && identity.equals(origin.identity())
                && shared == (origin.node() == null)
                && (shared
                        || sightings.stream()
                                .allMatch(sighting -> sighting.node().equals(reporter)));
    }

    public Optional<Sighting> findSighting(String node) {
        return sightings.stream().filter(each -> each.node().equals(node)).findFirst();
    }

    /// @return whether a slot may be granted to `node` as far as presence and admission go
    public boolean isAvailableOn(String node) {
        return admission == Admission.APPROVED
                && findSighting(node)
                        .filter(sighting -> sighting.presence() == Presence.ONLINE)
                        .isPresent();
    }

    /// The node's handler lists it.
    public DeviceRecord seenBy(String node, Map<String, String> newProperties, Instant now) {
        List<Sighting> all = new ArrayList<>();
        boolean isNew = true;
        for (Sighting each : sightings) {
            if (each.node().equals(node)) {
                Instant since = each.presence() == Presence.ONLINE ? each.since() : now;
                all.add(new Sighting(node, Presence.ONLINE, since, newProperties));
                isNew = false;
            } else {
                all.add(each);
            }
        }
        if (isNew) {
            all.add(new Sighting(node, Presence.ONLINE, now, newProperties));
        }
        return withSightings(all, now);
    }

    /// The node's handler lists it no more: its grace period begins.
    public DeviceRecord missedBy(String node, Instant now) {
        return mapSightings(node, sighting -> sighting.as(Presence.MISSING, now), now);
    }

    /// The node fell silent. Where the handler had its say before, that holds.
    public DeviceRecord unknownTo(String node, Instant now) {
        return mapSightings(
                node,
                sighting -> sighting.presence() == Presence.ONLINE ? sighting.as(Presence.UNKNOWN, now) : sighting,
                now);
    }

    /// The node is heard again and has not changed its mind.
    public DeviceRecord knownAgainTo(String node, Instant now) {
        return mapSightings(
                node,
                sighting -> sighting.presence() == Presence.UNKNOWN ? sighting.as(Presence.ONLINE, now) : sighting,
                now);
    }

    /// The node is no more.
    public DeviceRecord forgottenBy(String node, Instant now) {
        return withoutSightings(sighting -> sighting.node().equals(node), now);
    }

    /// Ends the sightings whose grace period is over.
    ///
    /// @param isOver whether a grace period that began at the given time is over
    public DeviceRecord afterGrace(Predicate<Instant> isOver, Instant now) {
        return withoutSightings(
                sighting -> sighting.presence() == Presence.MISSING && isOver.test(sighting.since()), now);
    }

    public DeviceRecord withSlots(List<Slot> newSlots) {
        return new DeviceRecord(
                name,
                configuration,
                configurationUid,
                handler,
                identity,
                shared,
                capacity,
                labels,
                properties,
                admission,
                decision,
                presence,
                presenceSince,
                sightings,
                newSlots);
    }

    /// What the Configuration says of all its devices.
    public DeviceRecord withPolicy(int newCapacity, Map<String, String> newLabels) {
        return new DeviceRecord(
                name,
                configuration,
                configurationUid,
                handler,
                identity,
                shared,
                newCapacity,
                newLabels,
                properties,
                admission,
                decision,
                presence,
                presenceSince,
                sightings,
                slots);
    }

    /// Somebody, or a rule, has decided.
    ///
    /// @param newDecision null to let it wait again
    DeviceRecord decided(Admission newAdmission, @Nullable Decision newDecision) {
        return new DeviceRecord(
                name,
                configuration,
                configurationUid,
                handler,
                identity,
                shared,
                capacity,
                labels,
                properties,
                newAdmission,
                newDecision,
                presence,
                presenceSince,
                sightings,
                slots);
    }

    Device toApi(String resourceVersion) {
        List<NodePresence> nodes = sightings.stream()
                .map(sighting -> new NodePresence(sighting.node(), sighting.presence(), sighting.since()))
                .sorted(Comparator.comparing(NodePresence::node))
                .toList();
        return new Device(
                name,
                configuration,
                configurationUid,
                handler,
                identity,
                shared,
                capacity,
                labels,
                properties,
                admission,
                decision,
                presence,
                presenceSince,
                nodes,
                slots,
                resourceVersion);
    }

    private DeviceRecord mapSightings(String node, Function<Sighting, Sighting> change, Instant now) {
        return withSightings(
                sightings.stream()
                        .map(each -> each.node().equals(node) ? change.apply(each) : each)
                        .toList(),
                now);
    }

    private DeviceRecord withoutSightings(Predicate<Sighting> isOver, Instant now) {
        return withSightings(
                sightings.stream().filter(each -> !isOver.test(each)).toList(), now);
    }

    private DeviceRecord withSightings(List<Sighting> newSightings, Instant now) {
        Presence newPresence = overall(newSightings);
        return new DeviceRecord(
                name,
                configuration,
                configurationUid,
                handler,
                identity,
                shared,
                capacity,
                labels,
                newSightings.isEmpty() ? properties : newSightings.getFirst().properties(),
                admission,
                decision,
                newPresence,
                newPresence == presence ? presenceSince : now,
                newSightings,
                slots);
    }

    /// Online if any node has it Online, else Missing, else Unknown, else Offline.
    private static Presence overall(List<Sighting> sightings) {
        return sightings.stream()
                .map(Sighting::presence)
                .min(Comparator.naturalOrder())
                .orElse(Presence.OFFLINE);
    }
}
